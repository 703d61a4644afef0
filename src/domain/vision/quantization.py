"""Quantization: a smaller, faster form of a model, and its permitted loss."""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.vision import ImageClassifier, Model
from domain.vision.conversion import ProgressReporter

MAX_CHANGED_SHARE = 0.06
"""The share of images whose first class may differ."""
MAX_ACCURACY_LOSS = 0.01
"""The permitted loss of accuracy, unless chance explains a higher one."""
SIGNIFICANCE_LEVEL = 0.05
"""Below this probability, chance does not explain the loss."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The first classes of `count` images by the model and by its quantized form: the number that differ, and for the
    `labelled` images the numbers that only one of the two classified correctly."""

    count: int
    changed: int
    labelled: int = 0
    only_model_right: int = 0
    only_smaller_right: int = 0

    @property
    def accuracy_loss(self) -> float:
        """Return the loss of accuracy, 0-1; negative for a gain."""
        return (self.only_model_right - self.only_smaller_right) / self.labelled if self.labelled else 0.0

    @property
    def p_value(self) -> float:
        return mcnemar_p_value(self.only_model_right, self.only_smaller_right)

    @property
    def refusal(self) -> str | None:
        """Return why the quantized form is not acceptable, or None."""
        if self.changed > MAX_CHANGED_SHARE * self.count:
            share = f"{self.changed} of {self.count}"
            return f"it gives another first class to {share} images; {MAX_CHANGED_SHARE:.0%} are allowed"
        if self.accuracy_loss > MAX_ACCURACY_LOSS and self.p_value < SIGNIFICANCE_LEVEL:
            return (
                f"it loses {self.accuracy_loss:.1%} of accuracy on {self.labelled} images (p = {self.p_value:.3f}); "
                f"{MAX_ACCURACY_LOSS:.0%} is allowed"
            )
        return None


def mcnemar_p_value(one: int, other: int) -> float:
    """Return the p-value of McNemar's test (Psychometrika 12, 1947), exact, binomial and two-sided: the probability,
    for two equally good classifiers, that the images which only one of them classified correctly are divided at least
    this unevenly."""
    total, fewer = one + other, min(one, other)
    tail = sum(math.comb(total, k) for k in range(fewer + 1)) * 0.5**total
    return min(1.0, 2 * tail)


@dataclass(frozen=True, slots=True)
class QuantizationTrial:
    """A quantized model that nothing uses yet. `keep` stores it beside the model, with a note in the manifest; then the
    settings choose between the two."""

    model: ImageClassifier
    smaller: ImageClassifier
    keep: Callable[[Mapping[str, object]], Model]


class ModelQuantizer(Protocol):
    @abstractmethod
    async def quantize(self, images: Sequence[bytes], report: ProgressReporter) -> QuantizationTrial:
        """Quantize the current model to 8-bit integers, calibrated on encoded images. Raises `ModelMissing`,
        `UnusableModel`, and what `ImageClassifier.classify` raises for an image."""
