"""The state of the analysis tasks of each image.

These rows are authoritative. A queue only wakes workers.
"""

import re
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.ids import ImageId, UserId

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=5)
MAX_DELAY = timedelta(hours=1)
MAX_RETRY_AFTER = timedelta(days=1)
"""If a service requests a longer pause than this, it is still called again after this time."""
DUE_WINDOW = 10
MAX_WAITING = 1_000
"""The number of an owner's newest images that are checked for waiting ones."""
LEASE = timedelta(minutes=2)
"""A running attempt without an update for this long counts as dead."""

WORKER_DIED = "its worker died in every attempt"
INTERNAL = "internal_error"
"""The code of unexpected errors. The text after it is that of an exception and meant for the operator."""
_FOR_OWNER = f"{INTERNAL}: a fault of Tintype's own, not of the image; ask again later, or ask the operator"
_KNOWN = re.compile(rf"(?!{INTERNAL}|error\b)[a-z_]+(: |$)")
"""Matches the code of a `DomainError`, whose text everybody may read."""


class Task(StrEnum):
    CLASSIFICATION = "classification"
    CAPTION = "caption"


class State(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Understanding:
    """One task of one image. `attempts` counts starts since the last request. `model` (`name@version`) produced the
    result. `error` states what prevents progress. `next_attempt_at` is when the task is due, or, while running, when
    its worker counts as dead. None means that no time is scheduled: the task has ended or waits for another task."""

    image_id: ImageId
    task: Task
    state: State = State.PENDING
    attempts: int = 0
    model: str | None = None
    error: str | None = None
    next_attempt_at: datetime | None = None

    def for_owner(self) -> "Understanding":
        """Return the row without texts of exceptions, which may contain paths and addresses of the machine."""
        if self.error is None or self.state is State.SKIPPED or self.error == WORKER_DIED or _KNOWN.match(self.error):
            return self
        return replace(self, error=_FOR_OWNER)

    def without_error(self) -> "Understanding":
        return self if self.error is None else replace(self, error=None)

    @property
    def open(self) -> bool:
        return self.state in {State.PENDING, State.RUNNING}

    def schedule(self, now: datetime) -> "Understanding":
        """Return the row as requested (again): due now, with no attempts."""
        return replace(self, state=State.PENDING, attempts=0, error=None, next_attempt_at=now)

    def is_due(self, now: datetime) -> bool:
        return self.open and self.next_attempt_at is not None and self.next_attempt_at <= now

    def is_outstanding_for(self, model: str | None) -> bool:
        """Whether `model` (`name@version`) still has to do this task: it is open, or another model did it. None matches
        any model."""
        return self.open or (self.state is State.DONE and model is not None and self.model != model)

    def can_start(self, model: str, now: datetime) -> bool:
        """Whether `model` (`name@version`) can do this task now: it is due, or another model did it.

        SQL: `_CAN_START` in `adapters/postgres/understandings.py`."""
        return self.renew(model, now).is_due(now)

    def renew(self, model: str, now: datetime) -> "Understanding":
        """Return the row as requested again if another model than `model` (`name@version`) did the task."""
        return self.schedule(now) if not self.open and self.is_outstanding_for(model) else self

    @property
    def has_lost_worker(self) -> bool:
        """Whether the last attempt never ended. If the row is due, its worker counts as dead."""
        return self.state is State.RUNNING

    def start(self, now: datetime) -> "Understanding":
        """Start an attempt. It is counted now, so that an image that kills its worker is counted too."""
        return replace(self, state=State.RUNNING, attempts=self.attempts + 1, next_attempt_at=now + LEASE)

    @property
    def is_waiting(self) -> bool:
        """Whether the task is pending and waits for another task rather than for a time.

        SQL: `_GET_WAITING` in `adapters/postgres/understandings.py`."""
        return self.state is State.PENDING and self.next_attempt_at is None

    def wait_for_task(self) -> "Understanding":
        """Wait until another task has ended. The attempt is not counted."""
        return replace(self, state=State.PENDING, attempts=self.attempts - 1, error=None, next_attempt_at=None)

    def put_back(self, now: datetime) -> "Understanding":
        """Return the row to the queue, due now. The attempt is not counted."""
        return replace(self, state=State.PENDING, attempts=self.attempts - 1, next_attempt_at=now)

    def is_exhausted(self) -> bool:
        """Whether no attempt is left. Check this before starting one."""
        return self.attempts >= MAX_ATTEMPTS

    def mark_done(self, model: str | None) -> "Understanding":
        return replace(self, state=State.DONE, model=model, error=None, next_attempt_at=None)

    def mark_skipped(self, reason: str) -> "Understanding":
        return replace(self, state=State.SKIPPED, error=reason, next_attempt_at=None)

    def mark_failed(self, error: str) -> "Understanding":
        """Mark the task as failed permanently. Only a user or operator can request it again."""
        return replace(self, state=State.FAILED, error=error, next_attempt_at=None)

    def retry_later(
        self, error: str, now: datetime, jitter: float, at_least: timedelta = timedelta(0)
    ) -> "Understanding":
        """Retry after a failed attempt (not before `at_least` has passed), or fail after the last one."""
        if self.is_exhausted():
            return self.mark_failed(error)
        due = now + max(backoff(self.attempts, jitter), min(at_least, MAX_RETRY_AFTER))
        return replace(self, state=State.PENDING, error=error, next_attempt_at=due)

    def postpone(self, reason: str, until: datetime) -> "Understanding":
        """Postpone the task for a reason other than the image. The attempt is not counted."""
        attempts = self.attempts - (self.state is State.RUNNING)
        return replace(self, state=State.PENDING, attempts=attempts, error=reason, next_attempt_at=until)


def backoff(attempts: int, jitter: float) -> timedelta:
    """Return the delay after the `attempts`-th attempt (from 1): 5 s doubled each time, at most an hour. `jitter` (0-1)
    varies the upper half. This is the "equal jitter" of M. Brooker, "Exponential Backoff and Jitter", AWS, 2015."""
    ceiling = min(FIRST_DELAY * (1 << (attempts - 1)), MAX_DELAY)
    return ceiling * (0.5 + 0.5 * jitter)


@dataclass(frozen=True, slots=True)
class TaskCount:
    """The number of images in this state. `example_error` is the newest error among them."""

    task: Task
    state: State
    count: int
    example_error: str | None = None


@dataclass(frozen=True, slots=True)
class DueTask:
    """A due row, and the number of due rows of the same owner before it."""

    row: Understanding
    turn: int


class Understandings(Protocol):
    """The understanding rows of a unit of work."""

    @abstractmethod
    async def get(self, image_id: ImageId, task: Task) -> Understanding | None:
        """Return the row, which does not change until the unit of work ends; None when the image is gone."""

    @abstractmethod
    async def get_all(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        """Return the rows of the present images, oldest image first. They do not change until the unit of work ends."""

    @abstractmethod
    async def get_waiting(self, task: Task, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Understanding]:
        """Return the rows among `get_all` that wait for another task (`Understanding.is_waiting`). The others may
        change."""

    @abstractmethod
    async def save(self, *rows: Understanding) -> None:
        """Replace the rows. Has no effect on those whose image is gone."""

    @abstractmethod
    async def find_due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        """Return open rows whose `next_attempt_at` has passed: each owner's most overdue row, then each owner's second,
        and so on. If there are very many, only the most overdue (`DUE_WINDOW` times the limit) are considered."""

    @abstractmethod
    async def waiting_count(self, owner_id: UserId, now: datetime) -> int:
        """Return how many of the owner's `MAX_WAITING` newest images have a running or due row."""

    @abstractmethod
    async def find_outdated(self, task: Task, model: str, limit: int) -> Sequence[Understanding]:
        """Return finished (done) rows of `task` by another model than `model`, oldest image first."""

    @abstractmethod
    async def find_outstanding(
        self, task: Task, model: str, now: datetime, after: ImageId | None, limit: int
    ) -> Sequence[ImageId]:
        """Return the images that come after `after` and whose task can be started for `model` now: it is due, or done
        by another model. Oldest image first."""

    @abstractmethod
    async def count_outstanding(self, task: Task, model: str, now: datetime) -> int:
        """Return the number of images of `find_outstanding` in all."""

    @abstractmethod
    async def make_due(self, task: Task, error: str, now: datetime) -> int:
        """Make pending rows of `task` that wait because of `error` due now. Return their number."""

    @abstractmethod
    async def retry_failed(self, now: datetime) -> int:
        """Request every failed row again, due now. Return their number."""

    @abstractmethod
    async def request_captions(self, owner_id: UserId, now: datetime, *, replace_offline: bool) -> int:
        """Make captions of the owner's images due now that were skipped because the owner declined them. With
        `replace_offline` also those that were drafted from labels, if the image has no alt text. Return their
        number."""

    @abstractmethod
    async def counts(self) -> Sequence[TaskCount]:
        """Return the number of rows for each task and state, in alphabetical order; absent combinations are left
        out."""

    @abstractmethod
    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        """Return failed rows and open rows with an error, newest images first."""
