"""A smaller, faster form of a model, and what it may lose."""

import math
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.conversion import ProgressReporter
from domain.vision import ImageClassifier, Model

MAX_CHANGED_SHARE = 0.06
"""The share of pictures whose first class may differ."""
MAX_ACCURACY_LOSS = 0.01
"""Points of accuracy that may be lost, unless chance explains more."""
SIGNIFICANCE_LEVEL = 0.05
"""A probability below which chance does not explain it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """First classes of `count` pictures, by the model and by its smaller form: how many differ, and, where the truth is
    known (`judged` pictures), how many only the one and only the other had right."""

    count: int
    changed: int
    labelled: int = 0
    only_model_right: int = 0
    only_smaller_right: int = 0

    @property
    def accuracy_loss(self) -> float:
        """The loss of accuracy, 0-1; negative for a gain."""
        return (self.only_model_right - self.only_smaller_right) / self.labelled if self.labelled else 0.0

    @property
    def p_value(self) -> float:
        return mcnemar_p_value(self.only_model_right, self.only_smaller_right)

    @property
    def refusal(self) -> str | None:
        """Why the smaller form will not do, or None."""
        if self.changed > MAX_CHANGED_SHARE * self.count:
            share = f"{self.changed} of {self.count}"
            return f"it gives another first class to {share} pictures; {MAX_CHANGED_SHARE:.0%} are allowed"
        if self.accuracy_loss > MAX_ACCURACY_LOSS and self.p_value < SIGNIFICANCE_LEVEL:
            return (
                f"it loses {self.accuracy_loss:.1%} of accuracy on {self.labelled} pictures (p = {self.p_value:.3f}); "
                f"{MAX_ACCURACY_LOSS:.0%} is taken"
            )
        return None


def mcnemar_p_value(one: int, other: int) -> float:
    """The probability, if two classifiers were equally good, that of the pictures which only one of them has right at
    least so many fall to one side. McNemar's test (Psychometrika 12, 1947) in its exact, two-sided binomial form."""
    total, fewer = one + other, min(one, other)
    tail = sum(math.comb(total, k) for k in range(fewer + 1)) * 0.5**total
    return min(1.0, 2 * tail)


@dataclass(frozen=True, slots=True)
class QuantizationTrial:
    """A smaller form on trial beside the model, which nobody else uses yet. `keep` puts it there for good, with a note
    in the manifest; from then on the settings choose between the two."""

    model: ImageClassifier
    smaller: ImageClassifier
    keep: Callable[[Mapping[str, object]], Model]


class ModelQuantizer(Protocol):
    @abstractmethod
    async def quantize(self, pictures: Sequence[bytes], report: ProgressReporter) -> QuantizationTrial:
        """The current model in 8-bit integers, calibrated on encoded pictures. Raises `ModelMissing`, `UnusableModel`,
        and for a picture what `ImageClassifier.classify` raises."""
