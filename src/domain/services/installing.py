"""Installation of models in all supported forms."""

from collections.abc import Sequence
from pathlib import Path

from domain.vision import Installer, Model, ModelStore
from domain.vision.conversion import ModelConverter, ProgressReporter
from domain.vision.default_model import DefaultModel


class Installing:
    def __init__(self, models: ModelStore, converter: ModelConverter, default: DefaultModel) -> None:
        self._models = models
        self._converter = converter
        self._default = default

    def install(self, path: Path, name: str | None = None) -> Model:
        """Make an .onnx file the current model without changing its weights. `name` replaces the name in the file.
        Raises `UnusableModel`, `StorageUnavailable`."""
        return self._models.install(path, {"name": name} if name else None)

    def install_default(self) -> Model:
        """Install the default model if there is no model. Return the current model. Raises what `DefaultModel.build`
        raises, and `StorageUnavailable`."""
        current = self._models.current()
        if current is not None:
            return current
        with self._default.build() as built:
            return self._models.install(built.path, built.provenance, Installer.DEFAULT)

    def convert(self, folder: Path, photographs: Sequence[bytes], report: ProgressReporter) -> Model:
        """Convert a SavedModel and make it the current model. If the conversion or its verification fails, the current
        model stays. Raises what `ModelConverter.convert` and `install` raise."""
        with self._converter.convert(folder, photographs, report) as converted:
            report("installing the model")
            return self._models.install(converted.path, converted.provenance)

    def rollback(self) -> Model:
        """Make the previous model current again. Raises `UnusableModel` when there is none."""
        return self._models.rollback()
