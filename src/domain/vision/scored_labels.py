"""Labels of classes with the scores of one image."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import overload

from domain.vision import Label


@dataclass(frozen=True, slots=True)
class ScoredLabels(Sequence[Label]):
    """The labels `classes` with `scores` instead of their own. A label is made when it is read, as few are."""

    classes: Sequence[Label]
    scores: Sequence[float]

    @classmethod
    def of(cls, labels: Sequence[Label]) -> "ScoredLabels":
        return labels if isinstance(labels, cls) else cls(labels, [label.score for label in labels])

    def __len__(self) -> int:
        return len(self.scores)

    @overload
    def __getitem__(self, index: int) -> Label: ...
    @overload
    def __getitem__(self, index: slice) -> "ScoredLabels": ...
    def __getitem__(self, index: int | slice) -> "Label | ScoredLabels":
        if isinstance(index, slice):
            return ScoredLabels(self.classes[index], self.scores[index])
        return replace(self.classes[index], score=self.scores[index])
