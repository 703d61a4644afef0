import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.program import Program, free_port


@pytest.fixture
def program() -> Iterator[Program]:
    # Not pytest's tmp_path: run as root, the embedded server is another user, who may not enter folders of mode 0700.
    home = Path(tempfile.mkdtemp(prefix="tintype-e2e-"))
    home.chmod(0o755)
    yield Program(home, free_port())
    shutil.rmtree(home, ignore_errors=True)
