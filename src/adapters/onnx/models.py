"""The installed models in `<home>/models`: a folder for each, and a pointer to the current one."""

import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.filesystem.durable import make_folder, translate_os_errors, write_durably
from adapters.filesystem.folder_lock import lock_folder
from adapters.onnx.description import describe_model
from adapters.onnx.device import Precision
from adapters.onnx.pointer import Pointer, read_pointer, write_pointer
from adapters.onnx.temperature import read_temperature, write_temperature
from adapters.onnx.weight_files import read_weights, verify_weights
from domain.vision import Installer, Model, ModelMissing, ModelStore, UnusableModel, may_replace

INT8 = "-int8"
"""The suffix of the quantized form's version."""
NO_MODEL = "no model is installed; run `tintype model install`"

logger = logging.getLogger("tintype.onnx")


class OnnxModelStore(ModelStore):
    """`models/<sha256>/model.onnx` with `manifest.json` and, after fitting a temperature, `calibration.json`.
    `models/current.json` names the current and the previous model."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "models"
        self._current = self._folder / "current.json"

    def install(
        self, path: Path, provenance: Mapping[str, object] | None = None, installer: Installer = Installer.OPERATOR
    ) -> Model:
        from adapters.onnx.manifest import build_manifest, check_manifest_beside
        from adapters.onnx.sessions import open_session
        from adapters.onnx.surgery import with_embedding

        weights = with_embedding(read_weights(path))
        sha256 = hashlib.sha256(weights).hexdigest()
        check_manifest_beside(path)
        with self._lock():
            before = self._pointer()
            if before is not None and not may_replace(installer, before.installer):
                return self._model(before.current)
            if self._is_intact(sha256):
                self._update_manifest(sha256, provenance or {})
            else:
                manifest = build_manifest(path, weights, open_session(weights, "cpu"), provenance or {})
                write_durably(self._weights(sha256), weights)
                self._write_manifest(sha256, manifest)
            self._make_current(sha256, installer)
        return self._model(sha256)

    def installer(self) -> Installer | None:
        with translate_os_errors(self._folder):
            pointer = self._pointer()
        return pointer.installer if pointer else None

    def rollback(self) -> Model:
        with self._lock():
            pointer = self._pointer()
            if pointer is None or pointer.previous is None:
                raise UnusableModel("there is no previous model; install one with `tintype model install`")
            self._verified_weights(pointer.previous)
            self._make_current(pointer.previous, Installer.OPERATOR)
        return self._model(pointer.previous)

    def save_temperature(self, model: Model, temperature: float) -> Model:
        with self._lock():
            pointer = self._pointer()
            if pointer is None:
                raise ModelMissing(NO_MODEL, retry_after=30)
            installed = self._model(pointer.current, INT8 if model.version.endswith(INT8) else "")
            if installed.version != model.version:
                raise UnusableModel(
                    f"{model} is not the installed model, which is {installed}; fit where it is installed"
                )
            write_temperature(self._folder / pointer.current, model.version, temperature)
            self._write_pointer(pointer)  # a new stamp makes running processes reload
        return replace(installed, temperature=temperature)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Serializes changes, so that every pointer names the correct previous model."""
        with translate_os_errors(self._folder):
            make_folder(self._folder)
            with lock_folder(self._folder):
                yield

    def current(self) -> Model | None:
        with translate_os_errors(self._folder):
            pointer = self._pointer()
            return self._model(pointer.current) if pointer and self._manifest(pointer.current).is_file() else None

    def manifest(self) -> Mapping[str, object] | None:
        with translate_os_errors(self._folder):
            pointer = self._pointer()
            return self._read_manifest(pointer.current) if pointer else None

    def stamp(self) -> tuple[int, int] | None:
        """A value that changes with the current model; None without a model. Costs one `stat`."""
        try:
            status = self._current.stat()
        except FileNotFoundError:
            return None
        return status.st_mtime_ns, status.st_ino

    def weights(self, precision: Precision) -> tuple[Model, Path]:
        """The current model and the path of its verified weights; `auto` prefers int8. The two precisions are two
        versions, since their results differ slightly. Raises `ModelMissing`, `UnusableModel`."""
        model, manifest = self.current(), self.manifest()
        if model is None or manifest is None:
            raise ModelMissing(NO_MODEL, retry_after=30)
        int8 = manifest.get("int8")
        if precision == "int8" and int8 is None:
            raise UnusableModel(f"{model} is not quantized; run `tintype model quantize --calibrate DIR`")
        sha256 = str(manifest["sha256"])
        with translate_os_errors(self._folder):
            if precision == "fp32" or not isinstance(int8, Mapping):
                return model, self._verified_weights(sha256)
            return self._model(sha256, INT8), verify_weights(self._int8(sha256), str(int8["sha256"]))

    def save_int8(self, model: Model, weights: bytes, note: Mapping[str, object]) -> Model:
        """Add a quantized form to the current model, if it is still `model`. Raises `UnusableModel`."""
        with self._lock():
            manifest = self.manifest()
            if manifest is None or self.current() != model:
                raise UnusableModel(f"{model} is no longer the current model; quantize the current one")
            sha256 = str(manifest["sha256"])
            entry = {"sha256": hashlib.sha256(weights).hexdigest(), **note}
            write_temperature(
                self._folder / sha256, f"{sha256[:12]}{INT8}", 1.0
            )  # a former int8 form had its own temperature
            write_durably(self._int8(sha256), weights)
            self._write_manifest(sha256, {**manifest, "int8": entry})
            self._write_pointer(self._pointer() or Pointer(sha256))  # a new stamp makes running processes reload
        return self._model(sha256, INT8)

    def restore(self, members: Mapping[str, bytes], installer: Installer) -> Model:
        """Make the model in these files of a model's folder the current one. Raises `UnusableModel`."""
        sha256 = hashlib.sha256(members["model.onnx"]).hexdigest()
        if json.loads(members["manifest.json"]).get("sha256") != sha256:
            raise UnusableModel("the weights of the deployment's model have another hash; install the model again")
        with self._lock():
            (self._folder / sha256 / "calibration.json").unlink(missing_ok=True)
            for name, content in members.items():
                write_durably(self._folder / sha256 / name, content)
            self._write_pointer(Pointer.successor(self._pointer(), sha256, installer))
        return self._model(sha256)

    def renew_stamp(self) -> None:
        """Make running processes load the current model again."""
        with self._lock():
            if pointer := self._pointer():
                self._write_pointer(pointer)

    @property
    def folder(self) -> Path:
        return self._folder

    def current_folder(self) -> Path | None:
        """The folder of the current model; None without one."""
        pointer = self._pointer()
        return self._folder / pointer.current if pointer else None

    def state(self) -> str | None:
        """A value that changes with the current model, its installer, its description and its temperatures."""
        pointer = self._pointer()
        if pointer is None:
            return None
        files = (self._manifest(pointer.current), self._folder / pointer.current / "calibration.json")
        contents = [file.read_bytes() if file.is_file() else b"" for file in files]
        return hashlib.sha256(b"\0".join([pointer.current.encode(), pointer.installer.encode(), *contents])).hexdigest()

    def _update_manifest(self, sha256: str, provenance: Mapping[str, object]) -> None:
        """Add provenance to the manifest of a model already in the store."""
        manifest = self._read_manifest(sha256)
        if any(manifest.get(key) != value for key, value in provenance.items()):
            self._write_manifest(sha256, {**manifest, **provenance})
            if pointer := self._pointer():
                self._write_pointer(pointer)  # a new stamp makes running processes read the description again

    def _write_manifest(self, sha256: str, manifest: Mapping[str, object]) -> None:
        write_durably(self._manifest(sha256), json.dumps(manifest, indent=2).encode())

    def _verified_weights(self, sha256: str) -> Path:
        return verify_weights(self._weights(sha256), sha256)

    def _is_intact(self, sha256: str) -> bool:
        """Whether the store holds undamaged weights with this hash."""
        try:
            self._verified_weights(sha256)
        except UnusableModel:
            return False
        return self._manifest(sha256).is_file()

    def _pointer(self) -> Pointer | None:
        return read_pointer(self._current)

    def _make_current(self, sha256: str, installer: Installer) -> None:
        """Make it the current model; the former one becomes the previous one."""
        before = self._pointer()
        after = Pointer.successor(before, sha256, installer)
        if after != before:
            self._write_pointer(after)

    def _write_pointer(self, pointer: Pointer) -> None:
        write_pointer(self._current, pointer)

    def _model(self, sha256: str, form: str = "") -> Model:
        version = f"{sha256[:12]}{form}"
        manifest = self._read_manifest(sha256)
        return describe_model(manifest, version, read_temperature(self._folder / sha256, version))

    def _read_manifest(self, sha256: str) -> dict[str, Any]:
        path = self._manifest(sha256)
        try:
            return dict(json.loads(path.read_bytes()))
        except FileNotFoundError:
            raise UnusableModel(f"{path} is missing; install the model again") from None
        except (ValueError, TypeError) as fault:
            raise UnusableModel(f"{path} is damaged; remove it and install the model again") from fault

    def _weights(self, sha256: str) -> Path:
        return self._folder / sha256 / "model.onnx"

    def _int8(self, sha256: str) -> Path:
        return self._folder / sha256 / "model.int8.onnx"

    def _manifest(self, sha256: str) -> Path:
        return self._folder / sha256 / "manifest.json"
