"""Classifying: gives images their labels and embeddings, in batches."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.clock import Clock
from domain.ids import ImageId
from domain.images import Image
from domain.services.task_attempts import Attempt, Outcome, TaskAttempts
from domain.understanding import LEASE, Task
from domain.unit_of_work import UnitOfWork
from domain.vision import CLASS_COUNT, Embedding, ImageClassifier, Label
from domain.vision.label_selection import select_labels

MAX_ORIGINALS = 8
"""The number of images of a batch that are in memory at the same time. The classifier forms batches of them."""
MAX_BATCH_TIME: timedelta = LEASE / 4
"""How long a batch begins images. The others return to the queue, so that slow images do not outlast their lease."""


@dataclass(frozen=True, slots=True)
class Classification:
    """The result for one image: the labels it is displayed with, and its embedding."""

    model: str
    labels: tuple[Label, ...]
    embedding: Embedding


class Classifying:
    def __init__(
        self, task_attempts: TaskAttempts, blobs: BlobStore, classifier: ImageClassifier, clock: Clock
    ) -> None:
        self._task_attempts = task_attempts
        self._blobs = blobs
        self._classifier = classifier
        self._clock = clock

    async def attempt(self, *image_ids: ImageId, model: str | None = None) -> None:
        """Make one attempt at each of these classifications that is due, in one batch. With `model` (`name@version`)
        also at those that another model did. Safe to repeat. The rows hold the outcomes: an image that fails does not
        affect the others."""
        batch = await self._task_attempts.start(Task.CLASSIFICATION, image_ids, model)
        await self._run(batch.attempts)
        for image_id in batch.alone:
            await self._run((await self._task_attempts.start(Task.CLASSIFICATION, [image_id])).attempts)

    async def _run(self, attempts: Sequence[Attempt]) -> None:
        places, last_begin = asyncio.Semaphore(MAX_ORIGINALS), self._clock.now() + MAX_BATCH_TIME

        async def classify(attempt: Attempt) -> Outcome[Classification]:
            async with places:
                return await self._classify(attempt, last_begin)

        await self._task_attempts.end(await asyncio.gather(*map(classify, attempts)), _write)

    async def _classify(self, attempt: Attempt, last_begin: datetime) -> Outcome[Classification]:
        row, now = attempt.row, self._clock.now()
        if now > last_begin:
            return Outcome(row, row.put_back(now))
        try:
            data = await self._blobs.get(attempt.image.original)
            prediction = await self._classifier.classify(data, CLASS_COUNT)
            labels = select_labels(prediction.labels, prediction.model.temperature)
        except Exception as error:  # noqa: BLE001 — recorded in the row, and logged if unexpected
            return self._task_attempts.fail(row, error)
        model = str(prediction.model)
        return Outcome(row, row.mark_done(model), Classification(model, labels, prediction.embedding))


async def _write(uow: UnitOfWork, results: Sequence[tuple[Image, Classification]]) -> None:
    await uow.images.save_labels({image.id: result.labels for image, result in results})
    for model in {result.model for _, result in results}:  # a new one may have been installed meanwhile
        await uow.embeddings.save(
            model, {image.id: result.embedding for image, result in results if result.model == model}
        )
