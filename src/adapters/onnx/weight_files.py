"""Reads and verifies files of weights."""

import hashlib
from pathlib import Path

from domain.vision import UnusableModel


def verify_weights(path: Path, sha256: str) -> Path:
    try:
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise UnusableModel(f"{path} is missing; install the model again") from None
    if actual != sha256:
        raise UnusableModel(
            f"the weights in {path} have the hash {actual} instead of {sha256}; install the model again"
        )
    return path


def read_weights(path: Path) -> bytes:
    if path.is_dir():
        raise UnusableModel(
            f"{path} is a folder; use the path of an .onnx file, or convert it with `tintype model convert {path}`"
        )
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UnusableModel(f"{path} cannot be read: {fault.strerror}; use the path of an .onnx file") from fault
