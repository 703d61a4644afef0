"""Tests of the memory queue beyond its contract."""

from asyncio import CancelledError, Event, create_task
from collections.abc import Sequence

import pytest

from adapters.memory.jobs import MemoryQueue
from domain.jobs import QueuedJob
from tests.contracts.harness import StorageHarness
from tests.contracts.memory import memory_harness
from tests.contracts.queue import enqueue, new_jobs


@pytest.fixture
def harness() -> StorageHarness:
    return memory_harness()


async def test_drain_runs_queued_and_resulting_jobs(harness: StorageHarness) -> None:
    first, second, third = await new_jobs(harness, 3)
    seen: list[QueuedJob] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        seen.extend(jobs)
        if first in jobs:
            await enqueue(harness, third)

    await enqueue(harness, first, second)
    queue = harness.storage.queue
    assert isinstance(queue, MemoryQueue)

    assert await queue.drain(handle) == 3
    assert seen == [first, second, third]
    assert await queue.drain(handle) == 0


async def test_job_of_cancelled_worker_is_delivered_again(harness: StorageHarness) -> None:
    (job,) = await new_jobs(harness, 1)
    began = Event()
    seen: list[QueuedJob] = []

    async def hang(_: Sequence[QueuedJob]) -> None:
        began.set()
        await Event().wait()

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        seen.extend(jobs)

    await enqueue(harness, job)
    worker = create_task(harness.storage.queue.work(hang, Event()))
    await began.wait()
    worker.cancel()
    with pytest.raises(CancelledError):
        await worker

    queue = harness.storage.queue
    assert isinstance(queue, MemoryQueue)
    assert await queue.drain(handle) == 1
    assert seen == [job]
