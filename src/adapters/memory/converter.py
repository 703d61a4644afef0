import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.memory.models import IR_VERSION
from domain.conversion import Converted, ModelConverter, Say
from domain.errors import Unavailable
from domain.vision import UnusableModel


class MemoryModelConverter(ModelConverter):
    """Makes of a SavedModel's folder a file that `MemoryModelStore` takes; proves nothing, and fetches nothing."""

    @contextmanager
    def converted(self, source: str, photographs: Sequence[bytes], say: Say) -> Iterator[Converted]:
        saved = _saved_model(source)
        say(f"converting {source}")
        with TemporaryDirectory(prefix="tintype-convert-") as name:
            path = Path(name) / "model.onnx"
            path.write_bytes(IR_VERSION + saved)
            about = {"module": source, "sha256": hashlib.sha256(saved).hexdigest()}
            yield Converted(path, {"source": about, "proof": {"inputs": len(photographs)}})


def _saved_model(source: str) -> bytes:
    if "://" in source:
        raise Unavailable(f"{source} cannot be fetched; give a folder that holds the module")
    try:
        return (Path(source) / "saved_model.pb").read_bytes()
    except OSError:
        raise UnusableModel(f"{source} holds no saved_model.pb; give the folder of a SavedModel") from None
