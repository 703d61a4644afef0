from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.onnx.models import OnnxModelStore
from tests.entrypoints.inference.service import serve_inference
from tests.models import tiny_model


@pytest.fixture(scope="package")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a tiny model."""
    home = tmp_path_factory.mktemp("inference")
    OnnxModelStore(home).install(tiny_model(home / "tiny.onnx"))
    return home


@pytest.fixture(scope="package")
def url(home: Path) -> Iterator[str]:
    """The address of a service with that model."""
    with serve_inference(home) as url:
        yield url
