"""The installed models, under `<home>/models`: one folder for each, and a pointer to the current one."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from adapters.filesystem.durable import make_folder, storage_faults, write_durably
from adapters.filesystem.exclusive import alone_in
from domain.vision import Model, ModelMissing, ModelStore, UnusableModel

MODEL_NAME = "mobilenet_v2"

log = logging.getLogger("tintype.onnx")


@dataclass(frozen=True, slots=True)
class Pointer:
    """The SHA-256 of the current weights and of those before them."""

    current: str
    previous: str | None = None


class OnnxModelStore(ModelStore):
    """`models/<sha256>/model.onnx` with `manifest.json`; `models/current.json` points to one and to the one before."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "models"

    def install(self, path: Path, provenance: Mapping[str, object] | None = None) -> Model:
        from adapters.onnx.manifest import check_beside, manifest
        from adapters.onnx.sessions import proven
        from adapters.onnx.surgery import with_embedding

        weights = with_embedding(_read(path))
        sha256 = hashlib.sha256(weights).hexdigest()
        check_beside(path)
        with self._changing():
            if self._is_current(sha256):
                log.info("%s@%s is already the current model", MODEL_NAME, sha256[:12])
                return _model(sha256)
            found = manifest(path, weights, proven(weights, "cpu"), provenance or {})
            write_durably(self._weights(sha256), weights)
            write_durably(self._manifest(sha256), json.dumps(found, indent=2).encode())
            self._point(sha256)
        return _model(sha256)

    def rollback(self) -> Model:
        with self._changing():
            pointer = self._pointer()
            if pointer is None or pointer.previous is None:
                raise UnusableModel(
                    "there is no model before the current one; install one with `tintype model install`"
                )
            self._checked_weights(pointer.previous)
            self._point(pointer.previous)
        return _model(pointer.previous)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One change at a time, so that none forgets which model came before."""
        with storage_faults(self._folder):
            make_folder(self._folder)
            with alone_in(self._folder):
                yield

    def current(self) -> Model | None:
        with storage_faults(self._folder):
            pointer = self._pointer()
            return _model(pointer.current) if pointer and self._manifest(pointer.current).is_file() else None

    def manifest(self) -> Mapping[str, object] | None:
        with storage_faults(self._folder):
            pointer = self._pointer()
            return dict(json.loads(self._manifest(pointer.current).read_bytes())) if pointer else None

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another model becomes current; None without any. One `stat`."""
        try:
            status = (self._folder / "current.json").stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def weights(self) -> tuple[Model, bytes]:
        """The current model with its weights, verified. Raises `ModelMissing`, `UnusableModel`."""
        model, pointer = self.current(), self._pointer()
        if model is None or pointer is None:
            raise ModelMissing(
                "no model is installed; run `make model` or `tintype model install FILE`", retry_after=30
            )
        with storage_faults(self._folder):
            return _model(pointer.current), self._checked_weights(pointer.current)

    def _checked_weights(self, sha256: str) -> bytes:
        try:
            weights = self._weights(sha256).read_bytes()
        except FileNotFoundError:
            raise UnusableModel(f"{self._weights(sha256)} is gone; install the model again") from None
        actual = hashlib.sha256(weights).hexdigest()
        if actual != sha256:
            raise UnusableModel(
                f"the weights in {self._weights(sha256)} have the hash {actual}, the manifest says {sha256}; "
                "install the model again"
            )
        return weights

    def _is_current(self, sha256: str) -> bool:
        """Whether it is current, and whole."""
        pointer = self._pointer()
        if pointer is None or pointer.current != sha256:
            return False
        try:
            self._checked_weights(sha256)
        except UnusableModel:
            return False
        return self._manifest(sha256).is_file()

    def _pointer(self) -> Pointer | None:
        path = self._folder / "current.json"
        try:
            return Pointer(**json.loads(path.read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError) as fault:
            raise UnusableModel(f"{path} is damaged; remove it and install the model again") from fault

    def _point(self, sha256: str) -> None:
        """Make it current; what was so is the one before."""
        before = self._pointer()
        if before is not None and before.current == sha256:
            return
        pointer = Pointer(sha256, before.current if before else None)
        write_durably(self._folder / "current.json", json.dumps(asdict(pointer)).encode())

    def _weights(self, sha256: str) -> Path:
        return self._folder / sha256 / "model.onnx"

    def _manifest(self, sha256: str) -> Path:
        return self._folder / sha256 / "manifest.json"


def _model(sha256: str) -> Model:
    return Model(MODEL_NAME, sha256[:12], "")


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise UnusableModel(
            f"{path} is a folder; give the path of an .onnx file, or convert it with `tintype model convert {path}`"
        )
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UnusableModel(f"{path} cannot be read: {fault.strerror}; give the path of an .onnx file") from fault
