"""What is to be understood about each image, and how far it has come.

These rows are the truth; a queue only wakes workers.
"""

import re
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.ids import ImageId, UserId

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=5)
MAX_DELAY = timedelta(hours=1)
MAX_RETRY_AFTER = timedelta(days=1)
"""A service that asks to be left alone for longer is asked again after this."""
DUE_WINDOW = 10
MAX_WAITING = 1_000
"""Of an owner's newest images so many are looked at for those that wait."""
LEASE = timedelta(minutes=2)
"""How long a running attempt may be silent before its worker counts as dead."""

WORKER_DIED = "its worker died in every attempt"
INTERNAL = "internal_error"
"""The code of an error that Tintype does not know: what follows it is an exception's own text, for the operator."""
_FOR_OWNER = f"{INTERNAL}: a fault of Tintype's own, not of the picture; ask again later, or ask the operator"
_KNOWN = re.compile(rf"(?!{INTERNAL}|error\b)[a-z_]+(: |$)")
"""The code of a `DomainError`, whose text is for everybody."""


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
    """One task of one image. `attempts` counts starts since it was last asked for; `model` is what answered, as
    `name@version`; `error` says what is in the way. `next_attempt_at` is when it is due, or, while running, when
    its worker counts as dead; None means that nobody waits for a time (finished, or waiting for another task)."""

    image_id: ImageId
    task: Task
    state: State = State.PENDING
    attempts: int = 0
    model: str | None = None
    error: str | None = None
    next_attempt_at: datetime | None = None

    def for_owner(self) -> "Understanding":
        """Without the text of exceptions, which may hold paths and addresses of the machine."""
        if self.error is None or self.state is State.SKIPPED or self.error == WORKER_DIED or _KNOWN.match(self.error):
            return self
        return replace(self, error=_FOR_OWNER)

    @property
    def open(self) -> bool:
        return self.state in {State.PENDING, State.RUNNING}

    def schedule(self, now: datetime) -> "Understanding":
        """Asked for (again): due now, with a clean slate."""
        return replace(self, state=State.PENDING, attempts=0, error=None, next_attempt_at=now)

    def is_due(self, now: datetime) -> bool:
        return self.open and self.next_attempt_at is not None and self.next_attempt_at <= now

    def is_outstanding_for(self, model: str | None) -> bool:
        """Whether `model` (`name@version`) still has to do this task: it is open, or another model did it. None for no
        particular model."""
        return self.open or (self.state is State.DONE and model is not None and self.model != model)

    def start(self, now: datetime) -> "Understanding":
        """An attempt begins. It is counted here, so that a picture that kills its worker is counted too."""
        return replace(self, state=State.RUNNING, attempts=self.attempts + 1, next_attempt_at=now + LEASE)

    @property
    def is_waiting(self) -> bool:
        """Pending, but for another task rather than for a time."""
        return self.state is State.PENDING and self.next_attempt_at is None

    def wait_for_task(self) -> "Understanding":
        """Not before another task has ended; the attempt does not count."""
        return replace(self, state=State.PENDING, attempts=self.attempts - 1, error=None, next_attempt_at=None)

    def is_exhausted(self) -> bool:
        """Whether no attempt is left, seen before starting one."""
        return self.attempts >= MAX_ATTEMPTS

    def mark_done(self, model: str | None) -> "Understanding":
        return replace(self, state=State.DONE, model=model, error=None, next_attempt_at=None)

    def mark_skipped(self, reason: str) -> "Understanding":
        return replace(self, state=State.SKIPPED, error=reason, next_attempt_at=None)

    def mark_failed(self, error: str) -> "Understanding":
        """For good: asking again is a person's decision."""
        return replace(self, state=State.FAILED, error=error, next_attempt_at=None)

    def retry_later(
        self, error: str, now: datetime, jitter: float, at_least: timedelta = timedelta(0)
    ) -> "Understanding":
        """An attempt failed: try again later (not before `at_least` has passed), or give up after the last."""
        if self.is_exhausted():
            return self.mark_failed(error)
        due = now + max(backoff(self.attempts, jitter), min(at_least, MAX_RETRY_AFTER))
        return replace(self, state=State.PENDING, error=error, next_attempt_at=due)

    def postpone(self, reason: str, until: datetime) -> "Understanding":
        """Not yet, through no fault of the image: the attempt does not count."""
        attempts = self.attempts - (self.state is State.RUNNING)
        return replace(self, state=State.PENDING, attempts=attempts, error=reason, next_attempt_at=until)


def backoff(attempts: int, jitter: float) -> timedelta:
    """Seconds to wait after the `attempts`-th attempt (from 1): 5 s doubled each time, an hour at most, spread by
    `jitter` (0-1) over the upper half. "Equal jitter" of M. Brooker, "Exponential Backoff and Jitter", AWS, 2015."""
    ceiling = min(FIRST_DELAY * (1 << (attempts - 1)), MAX_DELAY)
    return ceiling * (0.5 + 0.5 * jitter)


@dataclass(frozen=True, slots=True)
class TaskCount:
    """How many images stand at this point; `example_error` is the newest error among them."""

    task: Task
    state: State
    count: int
    example_error: str | None = None


@dataclass(frozen=True, slots=True)
class DueTask:
    """A row that is due, and how many due rows of the same owner come before it."""

    row: Understanding
    turn: int


class Understandings(Protocol):
    """The understanding rows of a unit of work."""

    @abstractmethod
    async def get(self, image_id: ImageId, task: Task) -> Understanding | None:
        """The row, locked until the unit of work ends; None when the image is gone."""

    @abstractmethod
    async def save(self, row: Understanding) -> None:
        """Replace the row; no effect when the image is gone."""

    @abstractmethod
    async def find_due(self, now: datetime, limit: int) -> Sequence[DueTask]:
        """Open rows whose `next_attempt_at` has come: each owner's longest overdue, then each owner's second, and so
        on. Of very many (`DUE_WINDOW` times the limit) only those that are longest overdue are looked at."""

    @abstractmethod
    async def waiting_count(self, owner_id: UserId, now: datetime) -> int:
        """How many of the owner's `MAX_WAITING` newest images have a row that is running or due."""

    @abstractmethod
    async def find_outdated(self, task: Task, model: str, limit: int) -> Sequence[Understanding]:
        """Finished (done) rows of `task` that another model than `model` answered, oldest image first."""

    @abstractmethod
    async def make_due(self, task: Task, error: str, now: datetime) -> int:
        """Make pending rows of `task` that wait because of `error` due now; how many."""

    @abstractmethod
    async def retry_failed(self, now: datetime) -> int:
        """Ask again for every failed row, due now; how many."""

    @abstractmethod
    async def counts(self) -> Sequence[TaskCount]:
        """How many rows stand in each task and state, in the alphabetical order of both; absent combinations are left
        out."""

    @abstractmethod
    async def find_stuck(self, limit: int) -> Sequence[Understanding]:
        """Rows that failed, and open ones that something is in the way of; the newest images first."""
