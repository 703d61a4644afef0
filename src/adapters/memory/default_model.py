from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.memory.models import IR_VERSION
from domain.vision.conversion import ConvertedModel
from domain.vision.default_model import DefaultModel


class MemoryDefaultModel(DefaultModel):
    """Builds a file that begins like an ONNX file."""

    @contextmanager
    def build(self) -> Iterator[ConvertedModel]:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "memory.onnx"
            path.write_bytes(IR_VERSION + b" the default model")
            yield ConvertedModel(path, {"name": "memory_default", "licence": "MIT", "source": "this program"})
