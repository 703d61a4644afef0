"""Batches of jobs: pgqueuer delivers jobs one by one, and they are handled together."""

import logging
from asyncio import Future, Queue, get_running_loop
from datetime import timedelta

from domain.jobs import Handle, QueuedJob

logger = logging.getLogger("tintype.jobs")


class JobBatches:
    """Jobs that are delivered while others are handled form the next batch. Nothing waits for a batch to fill."""

    def __init__(self, handle: Handle, size: int) -> None:
        self._handle = handle
        self._size = size
        self._waiting: Queue[tuple[QueuedJob, Future[None]]] = Queue()
        self._is_closed = False

    async def deliver(self, job: QueuedJob) -> None:
        """Return when the job was handled. Raises `RetryRequested` after `close`: it then belongs to other workers."""
        handled: Future[None] = get_running_loop().create_future()
        self._waiting.put_nowait((job, handled))
        if self._is_closed:
            self.close()
        await handled

    async def run(self) -> None:
        """Handle batches until cancelled."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < self._size and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            await self._handle_batch(batch)

    def close(self) -> None:
        """Return the waiting jobs to the queue. Those in progress continue."""
        from pgqueuer.errors import RetryRequested

        self._is_closed = True
        while not self._waiting.empty():
            _, handled = self._waiting.get_nowait()
            if not handled.done():
                handled.set_exception(RetryRequested(timedelta(0), "the worker stops"))

    async def _handle_batch(self, batch: list[tuple[QueuedJob, Future[None]]]) -> None:
        jobs = [job for job, handled in batch if not handled.done()]  # a cancelled one is done
        try:
            if jobs:
                await self._handle(jobs)
        except Exception:
            logger.exception("dropped: %s", ", ".join(map(str, jobs)))
        finally:
            for _, handled in batch:
                if not handled.done():
                    handled.set_result(None)
