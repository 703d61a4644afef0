"""Image analysis: classification and captioning of uploads by workers."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.captions import CAPTION_DECLINED, UnusableDraft, WriterLockedOut
from domain.clock import Clock
from domain.errors import DomainError, Invalid, Unavailable, Unsupported
from domain.ids import ImageId, UserId
from domain.images import Image, ImageReader, require_own_image
from domain.jobs import Job
from domain.ledger import BudgetExhausted, start_of_next_day
from domain.services.captioning import Captioning, CaptionInProgress
from domain.understanding import INTERNAL, WORKER_DIED, Task, TaskCount, Understanding
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.vision import (
    CLASS_COUNT,
    ClassifierUnreachable,
    ImageClassifier,
    ModelMissing,
    ModelOutdated,
    UnusableModel,
)
from domain.vision.label_selection import select_labels

MODEL_RETRY_DELAY = timedelta(minutes=5)
"""How long an image waits for a model, unless `sweep` finds one earlier."""
QUARANTINED = "quarantined"
QUARANTINE_DELAY = timedelta(minutes=5)
"""How long the analysis of a quarantined image waits before it is checked again. No model and no other service receives
the image until then."""
CLASSIFIER_UNREACHABLE = "classifier_away"
SWEEP_BATCH = 500
OPERATOR_RETRY_DELAY = timedelta(minutes=15)
"""How long captions wait before they call again a writer whose operator must act."""
MAX_UNUSABLE_DRAFTS = 3
"""The maximum number of unusable answers that are paid for."""

ResultWriter = Callable[[UnitOfWork, Image], Awaitable[None]]
"""Writes the result of an attempt to the image's rows."""

logger = logging.getLogger("tintype.understanding")


class ImageAnalysis:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        image_reader: ImageReader,
        blobs: BlobStore,
        classifier: ImageClassifier,
        captioning: Captioning,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._begin = begin
        self._image_reader = image_reader
        self._blobs = blobs
        self._classifier = classifier
        self._captioning = captioning
        self._clock = clock
        self._jitter = jitter

    async def attempt(self, job: Job) -> None:
        """Make one attempt at a task if it is due; safe to repeat. The row holds the outcome."""
        begun = await self._start_attempt(job)
        if begun is None:
            return
        image, row = begun
        try:
            await (self._classify(image, row) if job.task is Task.CLASSIFICATION else self._caption(image, row))
        except Exception as error:  # noqa: BLE001 — recorded in the row, and logged if unexpected
            await self._close(row, self._row_after_error(error, row))

    def _row_after_error(self, error: Exception, row: Understanding) -> Understanding:
        """Return the row after an attempt that raised an error."""
        now = self._clock.now()
        if put_off := _postponement(error, now):
            return row.postpone(*put_off)
        if isinstance(error, Invalid | Unsupported):  # the image is at fault: another attempt cannot help
            return row.mark_failed(_error_text(error))
        if isinstance(error, UnusableDraft) and row.attempts >= MAX_UNUSABLE_DRAFTS:
            return row.mark_failed(_error_text(error))
        if isinstance(error, DomainError):
            return row.retry_later(_error_text(error), now, self._jitter(), _requested_delay(error))
        logger.error("%s of image %s failed", row.task, row.image_id, exc_info=error)
        return row.retry_later(f"{INTERNAL}: {type(error).__name__}: {error}", now, self._jitter())

    async def _start_attempt(self, job: Job) -> tuple[Image, Understanding] | None:
        """Count the attempt before it starts, so that an image that kills its worker reaches the limit of attempts."""
        now = self._clock.now()
        async with self._begin() as uow:
            image = await uow.images.get(job.image_id)
            row = await uow.understandings.get(job.image_id, job.task)
            if image is None or row is None or not row.is_due(now):
                return None
            if image.quarantined:
                await uow.understandings.save(row.postpone(QUARANTINED, now + QUARANTINE_DELAY))
                await uow.commit()
                return None
            if row.is_exhausted():
                await self._conclude(uow, image, row.mark_failed(row.error or WORKER_DIED))
                await uow.commit()
                return None
            started = row.start(now)
            await uow.understandings.save(started)
            await uow.commit()
        return image, started

    async def _classify(self, image: Image, row: Understanding) -> None:
        prediction = await self._classifier.classify(await self._blobs.get(image.original), CLASS_COUNT)
        labels = select_labels(prediction.labels, prediction.model.temperature)

        async def write(uow: UnitOfWork, present: Image) -> None:
            await uow.images.save_labels(present.id, labels)
            await uow.embeddings.save(present.id, str(prediction.model), prediction.embedding)

        await self._close(row, row.mark_done(str(prediction.model)), write)

    async def _caption(self, image: Image, row: Understanding) -> None:
        writer = await self._captioning.writer_for(image)
        if isinstance(writer, str):
            await self._close(row, row.mark_skipped(writer))
        elif writer.needs_labels and image.understanding[Task.CLASSIFICATION].open:
            await self._close(row, row.wait_for_task())
        else:
            draft = await self._captioning.draft(writer, image)
            if draft.declined:
                await self._close(row, row.mark_skipped(CAPTION_DECLINED))
                return
            suggestion = draft.suggestion

            async def write(uow: UnitOfWork, present: Image) -> None:
                await uow.images.save_description(
                    replace(present, suggestion=suggestion, model_tags=draft.model_tags or present.model_tags)
                )

            await self._close(row, row.mark_done(suggestion.model if suggestion else None), write)

    async def _close(self, row: Understanding, outcome: Understanding, write: ResultWriter | None = None) -> None:
        """Store the outcome of an attempt, unless the task was requested again or given up as dead meanwhile."""
        async with self._begin() as uow:
            image = await uow.images.get(row.image_id)
            if image is None or await uow.understandings.get(row.image_id, row.task) != row:
                return
            if write is not None:
                await write(uow, image)
                if image.post_id is not None:
                    await uow.search_index.refresh(image.post_id)
            await self._conclude(uow, image, outcome)
            await uow.commit()

    async def _conclude(self, uow: UnitOfWork, image: Image, outcome: Understanding) -> None:
        """Save the row. When a classification has ended, a caption that waits for it becomes due; also one that began
        to wait meanwhile."""
        await uow.understandings.save(outcome)
        has_classified = outcome.task is Task.CLASSIFICATION and not outcome.open
        if not (has_classified or outcome.is_waiting):
            return
        classification = await uow.understandings.get(outcome.image_id, Task.CLASSIFICATION)
        caption = await uow.understandings.get(outcome.image_id, Task.CAPTION)
        if caption is not None and caption.is_waiting and classification is not None and not classification.open:
            now = self._clock.now()
            await uow.understandings.save(caption.schedule(now))
            turn = await uow.understandings.waiting_count(image.owner_id, now)
            await uow.jobs.enqueue(Job(Task.CAPTION, outcome.image_id, turn))

    async def request_again(self, image_id: ImageId, owner_id: UserId, task: Task) -> Image:
        """Request another attempt for the owner, with no attempts counted. A caption is paid for again, even if an
        answer about the same image is stored. Raises `ImageNotFound`, `Forbidden`."""
        image = await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            row = await uow.understandings.get(image_id, task)
            if row is not None:
                now = self._clock.now()
                await uow.understandings.save(row.schedule(now))
                turn = await uow.understandings.waiting_count(owner_id, now)
                await uow.jobs.enqueue(Job(task, image_id, turn))
                if task is Task.CAPTION:
                    await uow.caption_cache.delete(image.original)
                await uow.commit()
        return await self._image_reader.by_id(image_id, owner_id) or image

    async def sweep(self) -> int:
        """Wake workers for every due row and return their number. This includes rows whose worker died, and, on a
        machine with the desired model, images that this model has not classified. A new model never causes new
        captions."""
        now, model = self._clock.now(), await self._classifier.model()
        async with self._begin() as uow:
            rows = uow.understandings
            if model is not None:
                for reason in (ModelMissing.code, ModelOutdated.code, UnusableModel.code, CLASSIFIER_UNREACHABLE):
                    await rows.make_due(Task.CLASSIFICATION, reason, now)
                for row in await rows.find_outdated(Task.CLASSIFICATION, str(model), SWEEP_BATCH):
                    await rows.save(row.schedule(now))
            due = await rows.find_due(now, SWEEP_BATCH)
            await uow.jobs.enqueue(*(Job(one.row.task, one.row.image_id, one.turn) for one in due))
            await uow.commit()
        return len(due)

    async def task_counts(self) -> Sequence[TaskCount]:
        """Return the number of images in each state."""
        async with self._begin() as uow:
            return await uow.understandings.counts()

    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        """Return failed and obstructed tasks, newest images first."""
        async with self._begin() as uow:
            return await uow.understandings.find_stuck(limit)

    async def retry_failed(self) -> int:
        """Request again everything that failed permanently, and captions that wait for budget or for an action of the
        operator, who calls this afterwards. Return their number."""
        now = self._clock.now()
        async with self._begin() as uow:
            count = await uow.understandings.retry_failed(now)
            for reason in (BudgetExhausted.code, _error_text(WriterLockedOut())):
                count += await uow.understandings.make_due(Task.CAPTION, reason, now)
            await uow.commit()
        await self.sweep()
        return count


def _postponement(error: Exception, now: datetime) -> tuple[str, datetime] | None:
    """Return the reason and time to wait for after an error that is not caused by the image. The attempt is not
    counted."""
    match error:
        case ModelMissing() | ModelOutdated() | UnusableModel():
            return error.code, now + MODEL_RETRY_DELAY
        case ClassifierUnreachable():
            return CLASSIFIER_UNREACHABLE, now + MODEL_RETRY_DELAY
        case BudgetExhausted():
            return error.code, start_of_next_day(now)
        case CaptionInProgress():
            return _error_text(error), now + timedelta(seconds=error.retry_after)
        case WriterLockedOut():
            return _error_text(error), now + OPERATOR_RETRY_DELAY
    return None


def _error_text(error: DomainError) -> str:
    return f"{error.code}: {error.detail}"


def _requested_delay(error: DomainError) -> timedelta:
    """Return the delay that an unavailable service requested."""
    return timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) else timedelta(0)
