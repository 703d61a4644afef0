from pathlib import Path

import pytest

from tests.conversion.modules import a_module


@pytest.fixture(scope="session")
def hub_module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_module(tmp_path_factory.mktemp("hub") / "module")
