"""Evaluating: how often the classifier is right on labelled pictures."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from domain.vision import ImageClassifier, Model


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`top1` and `top5`: the shares (0-1) of `count` pictures whose true class came first, or among the first five."""

    model: Model
    count: int
    top1: float
    top5: float


class Evaluating:
    def __init__(self, classifier: ImageClassifier) -> None:
        self._classifier = classifier

    async def evaluate(self, samples: AsyncIterator[tuple[bytes, int]]) -> Evaluation | None:
        """Classify (encoded image, class index 0-999) pairs, unfiltered; None when there are none.

        Raises what `ImageClassifier.classify` raises, at the first picture it cannot take.
        """
        count = first = among = 0
        model: Model | None = None
        async for data, truth in samples:
            prediction = await self._classifier.classify(data, top=5)
            indices = [label.class_index for label in prediction.labels]
            model, count = prediction.model, count + 1
            first += indices[0] == truth
            among += truth in indices
        return Evaluation(model, count, first / count, among / count) if model else None
