"""Image analysis: classification and captioning of uploads by workers."""

from collections.abc import Sequence
from dataclasses import replace

from domain.captions import CAPTION_DECLINED, CaptionDraft, WriterLockedOut
from domain.clock import Clock
from domain.ids import ImageId, UserId
from domain.images import Image, ImageReader, require_own_image
from domain.jobs import Job
from domain.ledger import BudgetExhausted
from domain.services.captioning import Captioning
from domain.services.classifying import Classifying
from domain.services.failed_attempts import CLASSIFIER_UNREACHABLE, error_text
from domain.services.task_attempts import Attempt, Outcome, TaskAttempts
from domain.understanding import Task, TaskCount, Understanding
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.vision import ImageClassifier, ModelMissing, ModelOutdated, UnusableModel

SWEEP_BATCH = 500


class ImageAnalysis:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        image_reader: ImageReader,
        task_attempts: TaskAttempts,
        classifying: Classifying,
        classifier: ImageClassifier,
        captioning: Captioning,
        clock: Clock,
    ) -> None:
        self._begin = begin
        self._image_reader = image_reader
        self._task_attempts = task_attempts
        self._classifying = classifying
        self._classifier = classifier
        self._captioning = captioning
        self._clock = clock

    async def attempt(self, *jobs: Job) -> None:
        """Make one attempt at each task that is due: the classifications in one batch, then the captions. Safe to
        repeat. The rows hold the outcomes."""
        if image_ids := [job.image_id for job in jobs if job.task is Task.CLASSIFICATION]:
            await self._classifying.attempt(*image_ids)
        for job in jobs:
            if job.task is Task.CAPTION:
                batch = await self._task_attempts.start(Task.CAPTION, [job.image_id])
                await self._task_attempts.end([await self._caption(one) for one in batch.attempts], _save_drafts)

    async def _caption(self, attempt: Attempt) -> Outcome[CaptionDraft]:
        try:
            return await self._draft(attempt.image, attempt.row)
        except Exception as error:  # noqa: BLE001 — recorded in the row, and logged if unexpected
            return self._task_attempts.fail(attempt.row, error)

    async def _draft(self, image: Image, row: Understanding) -> Outcome[CaptionDraft]:
        writer = await self._captioning.writer_for(image)
        if isinstance(writer, str):
            return Outcome(row, row.mark_skipped(writer))
        if writer.needs_labels and image.understanding[Task.CLASSIFICATION].open:
            return Outcome(row, row.wait_for_task())
        draft = await self._captioning.draft(writer, image)
        if draft.declined:
            return Outcome(row, row.mark_skipped(CAPTION_DECLINED))
        return Outcome(row, row.mark_done(draft.suggestion.model if draft.suggestion else None), draft)

    async def request_again(self, image_id: ImageId, owner_id: UserId, task: Task) -> Image:
        """Request another attempt for the owner, with no attempts counted. A caption is paid for again, even if an
        answer about the same image is stored. Raises `ImageNotFound`, `Forbidden`."""
        image = await require_own_image(self._image_reader, image_id, owner_id)
        async with self._begin() as uow:
            row = await uow.understandings.get(image_id, task)
            if row is not None:
                await self._task_attempts.schedule(uow, {image_id: owner_id}, [row])
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
                outdated = await rows.find_outdated(Task.CLASSIFICATION, str(model), SWEEP_BATCH)
                await rows.save(*(row.schedule(now) for row in outdated))
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
            for reason in (BudgetExhausted.code, error_text(WriterLockedOut())):
                count += await uow.understandings.make_due(Task.CAPTION, reason, now)
            await uow.commit()
        await self.sweep()
        return count


async def _save_drafts(uow: UnitOfWork, drafts: Sequence[tuple[Image, CaptionDraft]]) -> None:
    for image, draft in drafts:
        tags = draft.model_tags or image.model_tags
        await uow.images.save_description(replace(image, suggestion=draft.suggestion, model_tags=tags))
