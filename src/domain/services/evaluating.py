"""Evaluating: how often the classifier is right on labelled pictures, and how well it knows."""

from collections.abc import AsyncIterator

from domain.evaluation import Evaluation, Evaluator
from domain.vision import CLASS_COUNT, ImageClassifier


class Evaluating:
    def __init__(self, classifier: ImageClassifier) -> None:
        self._classifier = classifier

    async def evaluate(self, samples: AsyncIterator[tuple[bytes, int]]) -> Evaluation | None:
        """Classify (encoded image, class index 0-999) pairs; None when there are none.

        Raises what `ImageClassifier.classify` raises, at the first picture it cannot take.
        """
        evidence = Evaluator()
        async for data, truth in samples:
            evidence.add(await self._classifier.classify(data, CLASS_COUNT), truth)
        return evidence.evaluate()
