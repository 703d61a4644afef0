"""Installing: a network, in whatever form it comes, becomes the one that classifies."""

from collections.abc import Sequence
from pathlib import Path

from domain.conversion import ModelConverter, Say
from domain.vision import Model, ModelStore


class Installing:
    def __init__(self, models: ModelStore, converter: ModelConverter) -> None:
        self._models = models
        self._converter = converter

    def install(self, path: Path) -> Model:
        """Make an .onnx file the current model, its weights untouched. Raises `UnusableModel`, `StorageUnavailable`."""
        return self._models.install(path)

    def convert(self, source: str, photographs: Sequence[bytes], say: Say) -> Model:
        """Make a TensorFlow network the current model; if it does not convert or the two forms differ, the old one
        stays. Raises what `ModelConverter.converted` and `install` raise."""
        with self._converter.converted(source, photographs, say) as converted:
            say("installing it")
            return self._models.install(converted.path, converted.provenance)

    def rollback(self) -> Model:
        """Make the model before this one current again. Raises `UnusableModel` when there is none."""
        return self._models.rollback()
