"""Work that follows a commit: written in the same transaction, done by a worker."""

from abc import abstractmethod
from asyncio import Event
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from domain.ids import ImageId
from domain.understanding import Task


@dataclass(frozen=True, slots=True)
class Job:
    """Look at this image. The understanding row says whether there is anything to do."""

    task: Task
    image_id: ImageId


class Jobs(Protocol):
    """The queue as a unit of work sees it."""

    @abstractmethod
    async def enqueue(self, *jobs: Job) -> None:
        """Wake a worker for each of these once the unit of work commits, and not if it does not. A job that is
        already waiting is not doubled."""


class Queue(Protocol):
    """The queue as a worker sees it."""

    @abstractmethod
    async def work(self, handle: Callable[[Job], Awaitable[None]], stop: Event) -> None:
        """Give each job to `handle` (several at once) until `stop` is set; then finish those begun and return.

        At least once: `handle` must be idempotent. An error in `handle` is logged and the job dropped, since the
        understanding row outlives it and the sweep wakes somebody again.
        """
