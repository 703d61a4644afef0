import logging
from asyncio import CancelledError, Event, TaskGroup
from collections.abc import Callable

from adapters.memory.store import MemoryStore
from adapters.memory.transaction import Transaction
from domain.jobs import BATCH_SIZE, Handle, Jobs, Queue, QueuedJob, is_batched

CONCURRENCY = 2
"""The number of calls at the same time, of batched jobs and of the others."""

Kind = Callable[[QueuedJob], bool]

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
                hands.create_task(self._serve(handle, stop, is_batched))
                hands.create_task(self._serve(handle, stop, _is_single))

    async def drain(self, handle: Handle) -> int:
        """Handle jobs call by call. An error in `handle` is raised to the caller."""
        count = 0
        while self._store.waiting_jobs:
            jobs = self._take(list(self._store.waiting_jobs))
            await handle(jobs)
            count += len(jobs)
        return count

    async def _wake_all(self, stop: Event) -> None:
        await stop.wait()
        await self._store.wake(())

    async def _serve(self, handle: Handle, stop: Event, kind: Kind) -> None:
        while jobs := await self._next(stop, kind):
            try:
                await handle(jobs)
            except CancelledError:
                self._store.waiting_jobs.update(dict.fromkeys(jobs))  # at least once: another worker must handle them
                raise
            except Exception:
                logger.exception("dropped: %s", ", ".join(map(str, jobs)))

    async def _next(self, stop: Event, kind: Kind) -> list[QueuedJob]:
        async with self._store.jobs_changed:
            await self._store.jobs_changed.wait_for(lambda: stop.is_set() or any(map(kind, self._store.waiting_jobs)))
            return [] if stop.is_set() else self._take(list(filter(kind, self._store.waiting_jobs)))

    def _take(self, waiting: list[QueuedJob]) -> list[QueuedJob]:
        """Remove the next job of `waiting`, and with a batched one those that follow."""
        waiting.sort(key=lambda job: job.turn)  # stable: the first of equals
        jobs = list(filter(is_batched, waiting))[:BATCH_SIZE] if is_batched(waiting[0]) else waiting[:1]
        for job in jobs:
            del self._store.waiting_jobs[job]
        return jobs


def _is_single(job: QueuedJob) -> bool:
    return not is_batched(job)
