"""Understanding: what the machine makes of each picture, after the fact and at its own pace."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.captions import CAPTION_DECLINED, CAPTIONS_OFF, UnusableDraft, WriterLockedOut
from domain.clock import Clock
from domain.errors import DomainError, Forbidden, Invalid, NotFound, Unavailable, Unsupported
from domain.ids import ImageId, UserId
from domain.images import Gallery, Image
from domain.jobs import Job
from domain.ledger import BudgetExhausted, next_day
from domain.services.captioning import Captioning, UnderWay
from domain.showing import shown
from domain.understanding import INTERNAL, WORKER_DIED, Task, TaskCount, Understanding
from domain.unit_of_work import Begin, UnitOfWork
from domain.vision import ALL_CLASSES, ClassifierAway, ImageClassifier, ModelMissing, UnusableModel

WAIT_FOR_MODEL = timedelta(minutes=5)
"""How long a picture waits before it asks for a model again, unless `sweep` sees one sooner."""
CLASSIFIER_AWAY = "classifier_away"
SWEEP_BATCH = 500
WAIT_FOR_OPERATOR = timedelta(minutes=15)
"""How long captions wait before they try again a writer that needs its operator."""
MAX_UNUSABLE = 3
"""So many answers of a wrong shape are paid for, not more."""

Write = Callable[[UnitOfWork, Image], Awaitable[None]]
"""What an attempt found, on its way into the image's rows."""

logger = logging.getLogger("tintype.understanding")


class ImageUnderstanding:
    def __init__(
        self,
        begin: Begin,
        gallery: Gallery,
        blobs: BlobStore,
        classifier: ImageClassifier,
        captioning: Captioning,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._begin = begin
        self._gallery = gallery
        self._blobs = blobs
        self._classifier = classifier
        self._captioning = captioning
        self._clock = clock
        self._jitter = jitter

    async def attempt(self, job: Job) -> None:
        """Make one attempt at a task, if one is due; safe to call twice. What came of it stands in the row."""
        begun = await self._begun(job)
        if begun is None:
            return
        image, row = begun
        try:
            await (self._classify(image, row) if job.task is Task.CLASSIFICATION else self._caption(image, row))
        except Exception as error:  # noqa: BLE001 — whatever it is, the row says so, and the log too where it is ours
            await self._close(row, self._after(error, row))

    def _after(self, error: Exception, row: Understanding) -> Understanding:
        """What an attempt comes to that ended in an error."""
        now = self._clock.now()
        if put_off := _not_yet(error, now):
            return row.postponed(*put_off)
        if isinstance(error, Invalid | Unsupported):  # the picture's own fault: another attempt cannot help
            return row.failed(_said(error))
        if isinstance(error, UnusableDraft) and row.attempts >= MAX_UNUSABLE:
            return row.failed(_said(error))
        if isinstance(error, DomainError):
            return row.stumbled(_said(error), now, self._jitter(), _wished(error))
        logger.error("%s of image %s failed", row.task, row.image_id, exc_info=error)
        return row.stumbled(f"{INTERNAL}: {type(error).__name__}: {error}", now, self._jitter())

    async def _begun(self, job: Job) -> tuple[Image, Understanding] | None:
        """Count the attempt before it is made, so that a picture that kills its worker comes to an end."""
        now = self._clock.now()
        async with self._begin() as uow:
            image = await uow.images.get(job.image_id)
            row = await uow.understandings.get(job.image_id, job.task)
            if image is None or row is None or not row.due(now):
                return None
            if row.exhausted():
                await self._conclude(uow, image, row.failed(row.error or WORKER_DIED))
                await uow.commit()
                return None
            started = row.started(now)
            await uow.understandings.save(started)
            await uow.commit()
        return image, started

    async def _classify(self, image: Image, row: Understanding) -> None:
        prediction = await self._classifier.classify(await self._blobs.get(image.original), ALL_CLASSES)
        labels = shown(prediction.labels, prediction.model.temperature)

        async def write(uow: UnitOfWork, present: Image) -> None:
            await uow.images.label(present.id, labels)
            await uow.embeddings.save(present.id, str(prediction.model), prediction.embedding)

        await self._close(row, row.done(str(prediction.model)), write)

    async def _caption(self, image: Image, row: Understanding) -> None:
        writer = self._captioning.writer
        if writer is None:
            await self._close(row, row.skipped(CAPTIONS_OFF))
        elif writer.needs_labels and image.understanding[Task.CLASSIFICATION].open:
            await self._close(row, row.waiting())
        else:
            draft = await self._captioning.draft(writer, image)
            if draft.declined:
                await self._close(row, row.skipped(CAPTION_DECLINED))
                return
            suggestion = draft.suggestion

            async def write(uow: UnitOfWork, present: Image) -> None:
                await uow.images.describe(replace(present, suggestion=suggestion, said=draft.said or present.said))

            await self._close(row, row.done(suggestion.model if suggestion else None), write)

    async def _close(self, row: Understanding, outcome: Understanding, write: Write | None = None) -> None:
        """Write down what came of an attempt, unless it was overtaken: asked for anew, or given up as dead."""
        async with self._begin() as uow:
            image = await uow.images.get_in_post(row.image_id)
            if image is None or await uow.understandings.get(row.image_id, row.task) != row:
                return
            if write is not None:
                await write(uow, image)
                if image.post_id is not None:
                    await uow.index.refresh(image.post_id)
            await self._conclude(uow, image, outcome)
            await uow.commit()

    async def _conclude(self, uow: UnitOfWork, image: Image, outcome: Understanding) -> None:
        """Save the row; once a classification has ended, a caption that waited for it is due."""
        await uow.understandings.save(outcome)
        if outcome.task is not Task.CLASSIFICATION or outcome.open:
            return
        caption = await uow.understandings.get(outcome.image_id, Task.CAPTION)
        if caption is not None and caption.is_waiting:
            now = self._clock.now()
            await uow.understandings.save(caption.asked(now))
            turn = await uow.understandings.waiting(image.owner_id, now)
            await uow.jobs.enqueue(Job(Task.CAPTION, outcome.image_id, turn))

    async def ask_again(self, image_id: ImageId, owner_id: UserId, task: Task) -> Image:
        """The owner wants another attempt, from a clean slate: a caption is paid for again, even where an answer about
        the same picture is kept. Raises `NotFound`, `Forbidden`."""
        image = await self._gallery.image(image_id, owner_id)
        if image is None:
            raise NotFound("there is no such image; it may have been deleted, or it is in no post and not yours")
        if image.owner_id != owner_id:
            raise Forbidden("the image belongs to somebody else; only its owner may ask for this")
        async with self._begin() as uow:
            row = await uow.understandings.get(image_id, task)
            if row is not None:
                now = self._clock.now()
                await uow.understandings.save(row.asked(now))
                turn = await uow.understandings.waiting(owner_id, now)
                await uow.jobs.enqueue(Job(task, image_id, turn))
                if task is Task.CAPTION:
                    await uow.drafts.forget(image.original)
                await uow.commit()
        return await self._gallery.image(image_id, owner_id) or image

    async def sweep(self) -> int:
        """Wake workers for every due row, among them those whose worker died and those that a newly installed model
        has not seen; how many. Captions are never asked for again by a change of model."""
        now, model = self._clock.now(), await self._classifier.model()
        async with self._begin() as uow:
            rows = uow.understandings
            if model is not None:
                for reason in (ModelMissing.code, UnusableModel.code, CLASSIFIER_AWAY):
                    await rows.hasten(Task.CLASSIFICATION, reason, now)
                for row in await rows.outdated(Task.CLASSIFICATION, str(model), SWEEP_BATCH):
                    await rows.save(row.asked(now))
            due = await rows.due(now, SWEEP_BATCH)
            await uow.jobs.enqueue(*(Job(one.row.task, one.row.image_id, one.turn) for one in due))
            await uow.commit()
        return len(due)

    async def status(self) -> Sequence[TaskCount]:
        """How many pictures stand where."""
        async with self._begin() as uow:
            return await uow.understandings.counts()

    async def stuck(self, limit: int) -> Sequence[Understanding]:
        """What failed, and what something is in the way of; the newest pictures first."""
        async with self._begin() as uow:
            return await uow.understandings.stuck(limit)

    async def retry_failed(self) -> int:
        """Ask again for everything that failed for good, and for captions that wait for money or their operator, who
        has just seen to it; how many."""
        now = self._clock.now()
        async with self._begin() as uow:
            count = await uow.understandings.retry_failed(now)
            for reason in (BudgetExhausted.code, _said(WriterLockedOut())):
                count += await uow.understandings.hasten(Task.CAPTION, reason, now)
            await uow.commit()
        await self.sweep()
        return count


def _not_yet(error: Exception, now: datetime) -> tuple[str, datetime] | None:
    """What to wait for and until when, after an error that is no fault of the picture's: the attempt does not count."""
    match error:
        case ModelMissing() | UnusableModel():
            return error.code, now + WAIT_FOR_MODEL
        case ClassifierAway():
            return CLASSIFIER_AWAY, now + WAIT_FOR_MODEL
        case BudgetExhausted():
            return error.code, next_day(now)
        case UnderWay():
            return _said(error), now + timedelta(seconds=error.retry_after)
        case WriterLockedOut():
            return _said(error), now + WAIT_FOR_OPERATOR
    return None


def _said(error: DomainError) -> str:
    return f"{error.code}: {error.detail}"


def _wished(error: DomainError) -> timedelta:
    """How long whoever is away asked to be left alone."""
    return timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) else timedelta(0)
