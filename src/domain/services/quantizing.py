"""Quantizing: a model in 8-bit integers, kept only if it is as good."""

from collections.abc import Sequence

from domain.conversion import Say
from domain.errors import Invalid
from domain.quantisation import Comparison, ModelQuantizer, Quantized
from domain.vision import Model, UnusableModel

FEWEST = 40
"""Pictures, half of which calibrate and half of which judge."""

Picture = tuple[bytes, int | None]
"""An encoded image, and its class index (0-999) where that is known."""


class Quantizing:
    def __init__(self, quantizer: ModelQuantizer) -> None:
        self._quantizer = quantizer

    async def quantize(self, pictures: Sequence[Picture], say: Say) -> tuple[Model, Comparison]:
        """Calibrate on every other picture, compare on those between, and keep the smaller form if that is no worse.

        Raises `UnusableModel` when it is worse (nothing is kept then), `Invalid` for fewer than `FEWEST` pictures.
        """
        if len(pictures) < FEWEST:
            raise Invalid(
                f"{len(pictures)} pictures are too few to calibrate on and to judge by; give at least {FEWEST}",
                limit=FEWEST,
                actual=len(pictures),
            )
        trial = await self._quantizer.quantize([data for data, _ in pictures[::2]], say)
        say(f"comparing the two on {len(pictures[1::2])} other pictures")
        found = await _compared(trial, pictures[1::2])
        if found.refusal:
            raise UnusableModel(f"the quantized model is not good enough: {found.refusal}; the model stays as it is")
        return trial.keep(_note(found, calibrated_on=len(pictures[::2]))), found


async def _compared(trial: Quantized, pictures: Sequence[Picture]) -> Comparison:
    others = judged = only_model = only_smaller = 0
    for data, truth in pictures:
        first = (await trial.model.classify(data, top=1)).labels[0].class_index
        second = (await trial.smaller.classify(data, top=1)).labels[0].class_index
        others += first != second
        judged += truth is not None
        only_model += first == truth != second
        only_smaller += second == truth != first
    return Comparison(len(pictures), others, judged, only_model, only_smaller)


def _note(found: Comparison, calibrated_on: int) -> dict[str, object]:
    return {
        "calibrated_on": calibrated_on,
        "compared_on": found.count,
        "other_first_class": found.others,
        "accuracy_lost": round(found.lost, 4),
        "p_value": round(found.p_value, 4),
    }
