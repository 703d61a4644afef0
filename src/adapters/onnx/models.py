"""The installed models, under `<home>/models`: one folder for each, and a pointer to the current one."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from adapters.filesystem.durable import make_folder, storage_faults, write_durably
from adapters.filesystem.exclusive import alone_in
from adapters.onnx.device import Precision
from adapters.onnx.temperature import read_temperature, write_temperature
from domain.vision import Model, ModelMissing, ModelStore, UnusableModel

MODEL_NAME = "mobilenet_v2"
INT8 = "-int8"
"""Ends the version of the quantized form."""
NO_MODEL = "no model is installed; run `make model` or `tintype model install FILE`"

log = logging.getLogger("tintype.onnx")


@dataclass(frozen=True, slots=True)
class Pointer:
    """The SHA-256 of the current weights and of those before them."""

    current: str
    previous: str | None = None


class OnnxModelStore(ModelStore):
    """`models/<sha256>/model.onnx` with `manifest.json` and, once a temperature was fitted, `calibration.json`;
    `models/current.json` points to one and to the one before."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "models"
        self._current = self._folder / "current.json"

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
                return self._model(sha256)
            found = manifest(path, weights, proven(weights, "cpu"), provenance or {})
            write_durably(self._weights(sha256), weights)
            write_durably(self._manifest(sha256), json.dumps(found, indent=2).encode())
            self._point(sha256)
        return self._model(sha256)

    def rollback(self) -> Model:
        with self._changing():
            pointer = self._pointer()
            if pointer is None or pointer.previous is None:
                raise UnusableModel(
                    "there is no model before the current one; install one with `tintype model install`"
                )
            self._checked_weights(pointer.previous)
            self._point(pointer.previous)
        return self._model(pointer.previous)

    def keep_temperature(self, model: Model, temperature: float) -> Model:
        with self._changing():
            pointer = self._pointer()
            if pointer is None:
                raise ModelMissing(NO_MODEL, retry_after=30)
            kept = self._model(pointer.current, INT8 if model.version.endswith(INT8) else "")
            if kept.version != model.version:
                raise UnusableModel(f"{model} is not the installed model, {kept} is; fit where it is installed")
            write_temperature(self._folder / pointer.current, model.version, temperature)
            self._write(pointer)  # anew, so that who runs the model sees another stamp
        return replace(kept, temperature=temperature)

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
            return self._model(pointer.current) if pointer and self._manifest(pointer.current).is_file() else None

    def manifest(self) -> Mapping[str, object] | None:
        with storage_faults(self._folder):
            pointer = self._pointer()
            return dict(json.loads(self._manifest(pointer.current).read_bytes())) if pointer else None

    def stamp(self) -> tuple[int, int] | None:
        """Changes whenever another model becomes current; None without any. One `stat`."""
        try:
            status = self._current.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def weights(self, precision: Precision) -> tuple[Model, Path]:
        """The current model and where its weights are, verified; `auto` is int8 where there is one. The two precisions
        are two versions: they answer a little differently. Raises `ModelMissing`, `UnusableModel`."""
        model, manifest = self.current(), self.manifest()
        if model is None or manifest is None:
            raise ModelMissing(NO_MODEL, retry_after=30)
        smaller = manifest.get("int8")
        if precision == "int8" and smaller is None:
            raise UnusableModel(f"{model} is not quantized; run `tintype model quantize --calibrate DIR`")
        sha256 = str(manifest["sha256"])
        with storage_faults(self._folder):
            if precision == "fp32" or not isinstance(smaller, Mapping):
                return model, self._checked_weights(sha256)
            return self._model(sha256, INT8), _checked(self._int8(sha256), str(smaller["sha256"]))

    def keep_int8(self, model: Model, weights: bytes, note: Mapping[str, object]) -> Model:
        """Put a quantized form beside the current model, if that is still `model`. Raises `UnusableModel`."""
        with self._changing():
            manifest = self.manifest()
            if manifest is None or self.current() != model:
                raise UnusableModel(f"{model} is no longer the current model; quantize the present one")
            sha256 = str(manifest["sha256"])
            kept = {"sha256": hashlib.sha256(weights).hexdigest(), **note}
            write_temperature(self._folder / sha256, f"{sha256[:12]}{INT8}", 1.0)  # other weights had another
            write_durably(self._int8(sha256), weights)
            write_durably(self._manifest(sha256), json.dumps({**manifest, "int8": kept}, indent=2).encode())
            self._write(self._pointer() or Pointer(sha256))  # those who run it see by the new file that they must look
        return self._model(sha256, INT8)

    def _checked_weights(self, sha256: str) -> Path:
        return _checked(self._weights(sha256), sha256)

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
        path = self._current
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
        self._write(Pointer(sha256, before.current if before else None))

    def _write(self, pointer: Pointer) -> None:
        write_durably(self._current, json.dumps(asdict(pointer)).encode())

    def _model(self, sha256: str, form: str = "") -> Model:
        version = f"{sha256[:12]}{form}"
        return Model(MODEL_NAME, version, "", read_temperature(self._folder / sha256, version))

    def _weights(self, sha256: str) -> Path:
        return self._folder / sha256 / "model.onnx"

    def _int8(self, sha256: str) -> Path:
        return self._folder / sha256 / "model.int8.onnx"

    def _manifest(self, sha256: str) -> Path:
        return self._folder / sha256 / "manifest.json"


def _checked(path: Path, sha256: str) -> Path:
    try:
        actual = hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        raise UnusableModel(f"{path} is gone; install the model again") from None
    if actual != sha256:
        raise UnusableModel(
            f"the weights in {path} have the hash {actual}, the manifest says {sha256}; install the model again"
        )
    return path


def _read(path: Path) -> bytes:
    if path.is_dir():
        raise UnusableModel(
            f"{path} is a folder; give the path of an .onnx file, or convert it with `tintype model convert {path}`"
        )
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UnusableModel(f"{path} cannot be read: {fault.strerror}; give the path of an .onnx file") from fault
