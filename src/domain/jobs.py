"""Work that follows a commit: written in the same transaction, done by a worker."""

from abc import abstractmethod
from asyncio import Event
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from domain.ids import ImageId
from domain.understanding import Task


@dataclass(frozen=True, slots=True)
class Job:
    """Look at this image. The understanding row says whether there is anything to do. `turn` is how many images of the
    same owner wait before it: lower turns are handed out first, so that nobody waits for all images of another."""

    task: Task
    image_id: ImageId
    turn: int = field(default=0, compare=False)


class Jobs(Protocol):
    """The queue as a unit of work sees it."""

    @abstractmethod
    async def enqueue(self, *jobs: Job) -> None:
        """Wake a worker for each of these once the unit of work commits, and not if it does not. A job that is
        already waiting is not doubled."""


class Queue(Protocol):
    """The queue as a worker sees it. Jobs are handed out by `turn`, then in the order in which they came."""

    @abstractmethod
    async def work(self, handle: Callable[[Job], Awaitable[None]], stop: Event) -> None:
        """Give each job to `handle` (several at once) until `stop` is set; then finish those begun and return.

        At least once: `handle` must be idempotent. An error in `handle` is logged and the job dropped, since the
        understanding row outlives it and the sweep wakes somebody again.
        """

    @abstractmethod
    async def drain(self, handle: Callable[[Job], Awaitable[None]]) -> int:
        """Give what waits, and what that enqueues, to `handle`, then return; how many jobs there were. For callers that
        cannot wait for a worker."""
