import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from domain.vision import UNKNOWN, Installer, Model, ModelMissing, ModelStore, UnusableModel, may_replace

IR_VERSION = b"\x08"
"""The tag of the first field of an ONNX file (onnx.proto, `ModelProto.ir_version`)."""


class MemoryModelStore(ModelStore):
    """Stores installed models by name and hash. Checks only that a file begins like an ONNX file."""

    def __init__(self) -> None:
        self._current: Model | None = None
        self._previous: Model | None = None
        self._provenance: dict[str, Mapping[str, object]] = {}
        self._temperatures: dict[str, float] = {}
        self._installer: Installer | None = None

    def install(
        self, path: Path, provenance: Mapping[str, object] | None = None, installer: Installer = Installer.OPERATOR
    ) -> Model:
        model = self._calibrate(_describe(_read_model(path), provenance or {}))
        if self._current is not None and not may_replace(installer, self._installer):
            return self._current
        self._provenance.setdefault(model.version, dict(provenance or {}))
        self._installer = installer
        if model != self._current:
            self._current, self._previous = model, self._current
        return model

    def installer(self) -> Installer | None:
        return self._installer

    def rollback(self) -> Model:
        if self._previous is None:
            raise UnusableModel("there is no model before this one; install one with `tintype model install PATH`")
        self._current, self._previous = self._previous, self._current
        self._installer = Installer.OPERATOR
        return self._current

    def save_temperature(self, model: Model, temperature: float) -> Model:
        if self._current is None:
            raise ModelMissing("no model is installed; install one with `tintype model install PATH`", retry_after=30)
        if model.version != self._current.version:
            raise UnusableModel(f"{model} is not the installed model, {self._current} is; fit where it is installed")
        self._temperatures[model.version] = temperature
        self._current = self._calibrate(self._current)
        return self._current

    def restore(self, model: Model, provenance: Mapping[str, object], installer: Installer) -> Model:
        """Make a model of another store the current one."""
        self._provenance[model.version] = provenance
        self._temperatures[model.version] = model.temperature
        licence = str(provenance.get("licence", UNKNOWN))
        self._installer, self._previous = installer, self._current
        self._current = replace(model, licence=licence)
        return self._current

    def current(self) -> Model | None:
        return self._current

    def manifest(self) -> Mapping[str, object] | None:
        return self._provenance[self._current.version] if self._current else None

    def _calibrate(self, model: Model) -> Model:
        return replace(model, temperature=self._temperatures.get(model.version, 1.0))


def _describe(model: Model, provenance: Mapping[str, object]) -> Model:
    name, licence = provenance.get("name", model.name), provenance.get("licence", UNKNOWN)
    return replace(model, name=str(name), licence=str(licence))


def _read_model(path: Path) -> Model:
    try:
        weights = path.read_bytes()
    except OSError as error:
        raise UnusableModel(f"{path} cannot be read ({error.strerror}); use an .onnx file") from None
    if not weights.startswith(IR_VERSION):
        raise UnusableModel(f"{path} is not an ONNX model; use an .onnx file")
    return Model(path.stem, hashlib.sha256(weights).hexdigest()[:12], device="")
