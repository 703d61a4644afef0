import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.memory.models import IR_VERSION
from domain.vision import UnusableModel
from domain.vision.conversion import ConvertedModel, ModelConverter, ProgressReporter


class MemoryModelConverter(ModelConverter):
    """Converts a SavedModel's folder to a file that `MemoryModelStore` accepts. Verifies nothing."""

    def check(self) -> None:
        """Do nothing: no tools are needed."""

    @contextmanager
    def convert(self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter) -> Iterator[ConvertedModel]:
        saved = _read_saved_model(folder)
        report(f"converting {folder}")
        with TemporaryDirectory(prefix="tintype-convert-") as name:
            path = Path(name) / "model.onnx"
            path.write_bytes(IR_VERSION + saved)
            about = {"module": str(folder), "sha256": hashlib.sha256(saved).hexdigest()}
            yield ConvertedModel(path, {"source": about, "proof": {"inputs": len(photographs)}})


def _read_saved_model(folder: Path) -> bytes:
    try:
        return (folder / "saved_model.pb").read_bytes()
    except OSError:
        raise UnusableModel(f"{folder} contains no saved_model.pb; use the folder of a SavedModel") from None
