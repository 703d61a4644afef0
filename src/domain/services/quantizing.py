"""Quantization of the current model, stored only if its accuracy suffices."""

from collections.abc import Sequence

from domain.errors import Invalid
from domain.vision import Model, UnusableModel
from domain.vision.conversion import ProgressReporter
from domain.vision.quantization import Comparison, ModelQuantizer, QuantizationTrial

MIN_IMAGES = 40
"""Images; one half calibrates, the other half is for comparison."""

LabelledImage = tuple[bytes, int | None]
"""An encoded image, and its class index (0-999) if known."""


class Quantizing:
    def __init__(self, quantizer: ModelQuantizer) -> None:
        self._quantizer = quantizer

    async def quantize(self, images: Sequence[LabelledImage], report: ProgressReporter) -> tuple[Model, Comparison]:
        """Calibrate on every other image, compare both models on the rest, and keep the quantized one if it is good
        enough.

        Raises `UnusableModel` when it is not (nothing is kept then), `Invalid` for fewer than `MIN_IMAGES` images.
        """
        if len(images) < MIN_IMAGES:
            raise Invalid(
                f"{len(images)} images are too few for calibration and comparison; use at least {MIN_IMAGES}",
                limit=MIN_IMAGES,
                actual=len(images),
            )
        trial = await self._quantizer.quantize([data for data, _ in images[::2]], report)
        report(f"comparing the two on {len(images[1::2])} other images")
        comparison = await _compare(trial, images[1::2])
        if comparison.refusal:
            raise UnusableModel(
                f"the quantized model is not good enough: {comparison.refusal}; the model stays as it is"
            )
        return trial.keep(_manifest_entry(comparison, calibrated_on=len(images[::2]))), comparison


async def _compare(trial: QuantizationTrial, images: Sequence[LabelledImage]) -> Comparison:
    others = judged = only_model = only_smaller = 0
    for data, truth in images:
        first = (await trial.model.classify(data, top=1)).labels[0].class_index
        second = (await trial.smaller.classify(data, top=1)).labels[0].class_index
        others += first != second
        judged += truth is not None
        only_model += first == truth != second
        only_smaller += second == truth != first
    return Comparison(len(images), others, judged, only_model, only_smaller)


def _manifest_entry(comparison: Comparison, calibrated_on: int) -> dict[str, object]:
    return {
        "calibrated_on": calibrated_on,
        "compared_on": comparison.count,
        "other_first_class": comparison.changed,
        "accuracy_lost": round(comparison.accuracy_loss, 4),
        "p_value": round(comparison.p_value, 4),
    }
