import logging
from asyncio import CancelledError, Event, TaskGroup
from collections.abc import Awaitable, Callable

from adapters.memory.store import MemoryStore
from adapters.memory.transaction import Transaction
from domain.jobs import Jobs, Queue, QueuedJob

CONCURRENCY = 4
"""The number of jobs handled at the same time."""

Handle = Callable[[QueuedJob], Awaitable[None]]

logger = logging.getLogger("tintype.jobs")


class MemoryJobs(Jobs):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def enqueue(self, *jobs: QueuedJob) -> None:
        self._transaction.jobs.extend(jobs)


class MemoryQueue(Queue):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def work(self, handle: Handle, stop: Event) -> None:
        async with TaskGroup() as hands:
            hands.create_task(self._wake_all(stop))
            for _ in range(CONCURRENCY):
                hands.create_task(self._serve(handle, stop))

    async def drain(self, handle: Handle) -> int:
        """Handle jobs one by one. An error in `handle` is raised to the caller."""
        count = 0
        while self._store.waiting_jobs:
            await handle(self._take())
            count += 1
        return count

    async def _wake_all(self, stop: Event) -> None:
        await stop.wait()
        await self._store.wake(())

    async def _serve(self, handle: Handle, stop: Event) -> None:
        while (job := await self._next(stop)) is not None:
            try:
                await handle(job)
            except CancelledError:
                self._store.waiting_jobs[job] = None  # at least once: another worker must handle it
                raise
            except Exception:
                logger.exception("%s was dropped", job)

    async def _next(self, stop: Event) -> QueuedJob | None:
        async with self._store.jobs_changed:
            await self._store.jobs_changed.wait_for(lambda: stop.is_set() or self._store.waiting_jobs)
            return None if stop.is_set() else self._take()

    def _take(self) -> QueuedJob:
        job = min(self._store.waiting_jobs, key=lambda waiting: waiting.turn)  # the first of equals
        del self._store.waiting_jobs[job]
        return job
