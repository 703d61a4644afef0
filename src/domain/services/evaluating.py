"""Evaluation of the classifier on labelled images."""

from collections.abc import AsyncIterator

from domain.vision import CLASS_COUNT, ImageClassifier
from domain.vision.evaluation import Evaluation, Evaluator


class Evaluating:
    def __init__(self, classifier: ImageClassifier) -> None:
        self._classifier = classifier

    async def evaluate(self, samples: AsyncIterator[tuple[bytes, int]]) -> Evaluation | None:
        """Classify pairs of encoded image and class index (0-999). Return None without images.

        Raises what `ImageClassifier.classify` raises, at the first image that fails.
        """
        evidence = Evaluator()
        async for data, truth in samples:
            evidence.add(await self._classifier.classify(data, CLASS_COUNT), truth)
        return evidence.evaluate()
