"""Attempts at a task of images: how they start and end. The attempts of a batch share a transaction."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from domain.clock import Clock
from domain.ids import ImageId, UserId
from domain.images import Image
from domain.jobs import Job
from domain.services.failed_attempts import row_after_error
from domain.understanding import WORKER_DIED, State, Task, Understanding
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory

QUARANTINED = "quarantined"
QUARANTINE_DELAY = timedelta(minutes=5)
"""How long the analysis of a quarantined image waits before it is checked again. No model and no other service receives
the image until then."""

Result = TypeVar("Result")
ResultWriter = Callable[[UnitOfWork, Sequence[tuple[Image, Result]]], Awaitable[None]]
"""Writes the results of attempts to the rows of their images."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A started attempt."""

    image: Image
    row: Understanding


@dataclass(frozen=True, slots=True)
class Batch:
    """Started attempts, and images that have to be started alone: the worker of their last attempt died."""

    attempts: Sequence[Attempt]
    alone: Sequence[ImageId]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Result]):
    """The end of an attempt: its row when it started, its row now, and its result, if it has one."""

    started: Understanding
    row: Understanding
    result: Result | None = None


class TaskAttempts:
    def __init__(self, begin: UnitOfWorkFactory, clock: Clock, jitter: Callable[[], float]) -> None:
        self._begin = begin
        self._clock = clock
        self._jitter = jitter

    async def start(self, task: Task, image_ids: Sequence[ImageId], model: str | None = None) -> Batch:
        """Start attempts at the tasks that are due, with `model` also at those that another model did. They are counted
        now, so that an image that kills its worker reaches the limit of attempts. It does so alone, so that its
        neighbours do not."""
        now = self._clock.now()
        async with self._begin() as uow:
            images = await uow.images.get_all(image_ids)
            rows = await uow.understandings.get_all(task, image_ids)
            asked = [row.renew(model, now) if model else row for row in rows.values() if row.image_id in images]
            due = [row for row in asked if row.is_due(now)]
            alone = [row.image_id for row in due if row.has_lost_worker and len(image_ids) > 1]
            together = [_start(images[row.image_id], row, now) for row in due if row.image_id not in alone]
            if together:
                await self._save(uow, images, together)
                await uow.commit()
        running = [row for row in together if row.state is State.RUNNING]
        return Batch([Attempt(images[row.image_id], row) for row in running], alone)

    def fail(self, row: Understanding, error: Exception) -> Outcome[Result]:
        """Return the outcome of an attempt that raised an error."""
        return Outcome(row, row_after_error(error, row, self._clock.now(), self._jitter()))

    async def end(self, outcomes: Sequence[Outcome[Result]], write: ResultWriter[Result]) -> None:
        """Store the outcomes of attempts at one task, except where the task was requested again or given up as dead
        meanwhile. One that cannot be stored fails alone."""
        if not outcomes:
            return
        try:
            await self._store(outcomes, write)
        except Exception as error:  # noqa: BLE001 — recorded in the row of the image that caused it
            if len(outcomes) == 1:
                await self._store([self.fail(outcomes[0].started, error)], write)
                return
            for outcome in outcomes:
                await self.end([outcome], write)

    async def _store(self, outcomes: Sequence[Outcome[Result]], write: ResultWriter[Result]) -> None:
        image_ids = [outcome.started.image_id for outcome in outcomes]
        async with self._begin() as uow:
            images = await uow.images.get_all(image_ids)
            rows = await uow.understandings.get_all(outcomes[0].started.task, image_ids)
            valid = [one for one in outcomes if rows.get(one.started.image_id) == one.started]
            results = [(images[one.started.image_id], one.result) for one in valid if one.result is not None]
            if results:
                await write(uow, results)
            if posts := {image.post_id for image, _ in results if image.post_id is not None}:
                await uow.search_index.refresh(*posts)
            if valid:
                await self._save(uow, images, [one.row for one in valid])
                await uow.commit()

    async def _save(self, uow: UnitOfWork, images: Mapping[ImageId, Image], rows: Sequence[Understanding]) -> None:
        """Save the rows. When a classification has ended, a caption that waits for it becomes due; also one that began
        to wait meanwhile."""
        await uow.understandings.save(*rows)
        ended = [row.image_id for row in rows if row.is_waiting or (row.task is Task.CLASSIFICATION and not row.open)]
        waiting = await uow.understandings.get_waiting(Task.CAPTION, ended) if ended else {}
        if waiting:
            labels = await uow.understandings.get_all(Task.CLASSIFICATION, list(waiting))
            free = [row for image_id, row in waiting.items() if image_id in labels and not labels[image_id].open]
            await self.schedule(uow, {row.image_id: images[row.image_id].owner_id for row in free}, free)

    async def schedule(self, uow: UnitOfWork, owners: Mapping[ImageId, UserId], rows: Sequence[Understanding]) -> None:
        """Make these tasks due now, with no attempts counted, and enqueue them behind the other images of their
        owners."""
        now = self._clock.now()
        await uow.understandings.save(*(row.schedule(now) for row in rows))
        rows_of: dict[UserId, list[Understanding]] = defaultdict(list)
        for row in rows:
            rows_of[owners[row.image_id]].append(row)
        for owner_id, own in rows_of.items():
            before = max(0, await uow.understandings.waiting_count(owner_id, now) - len(own))
            await uow.jobs.enqueue(*(Job(row.task, row.image_id, before + place) for place, row in enumerate(own, 1)))


def _start(image: Image, row: Understanding, now: datetime) -> Understanding:
    """Return the row of a due task when its attempt starts, or the reason not to start it."""
    if image.quarantined:
        return row.postpone(QUARANTINED, now + QUARANTINE_DELAY)
    if row.is_exhausted():
        return row.mark_failed(row.error or WORKER_DIED)
    return row.start(now)
