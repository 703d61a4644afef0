from collections.abc import Sequence
from dataclasses import replace

from adapters.memory.headers import require_image
from domain.vision import ImageClassifier, ModelMissing
from domain.vision.conversion import ProgressReporter
from domain.vision.quantization import ModelQuantizer, QuantizationTrial


class MemoryModelQuantizer(ModelQuantizer):
    """Returns the given classifier, or another one in its place. Computes nothing."""

    def __init__(self, classifier: ImageClassifier, smaller: ImageClassifier | None = None) -> None:
        self._classifier = classifier
        self._smaller = smaller or classifier

    async def quantize(self, images: Sequence[bytes], report: ProgressReporter) -> QuantizationTrial:
        model = await self._classifier.model()
        if model is None:
            raise ModelMissing("no model is installed; install one with `tintype model install PATH`")
        report(f"calibrating {model} on {len(images)} images")
        for data in images:
            require_image(data)
        quantized = replace(model, version=f"{model.version}-int8")
        return QuantizationTrial(self._classifier, self._smaller, keep=lambda _note: quantized)
