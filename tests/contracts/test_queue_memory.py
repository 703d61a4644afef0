"""What the memory queue can beyond its port, and what only it can be shown to do."""

from asyncio import CancelledError, Event, create_task

import pytest

from adapters.memory.jobs import MemoryQueue
from domain.jobs import Job
from tests.contracts.memory import memory_world
from tests.contracts.queue import enqueue, jobs
from tests.contracts.world import World


@pytest.fixture
def world() -> World:
    return memory_world()


async def test_drain_does_what_waits_and_what_comes_of_it(world: World) -> None:
    first, second, third = await jobs(world, 3)
    seen: list[Job] = []

    async def handle(job: Job) -> None:
        seen.append(job)
        if job == first:
            await enqueue(world, third)

    await enqueue(world, first, second)
    queue = world.storage.queue
    assert isinstance(queue, MemoryQueue)

    assert await queue.drain(handle) == 3
    assert seen == [first, second, third]
    assert await queue.drain(handle) == 0


async def test_a_job_whose_worker_is_cancelled_waits_for_the_next(world: World) -> None:
    (job,) = await jobs(world, 1)
    began = Event()
    seen: list[Job] = []

    async def hang(_: Job) -> None:
        began.set()
        await Event().wait()

    async def handle(job: Job) -> None:
        seen.append(job)

    await enqueue(world, job)
    worker = create_task(world.storage.queue.work(hang, Event()))
    await began.wait()
    worker.cancel()
    with pytest.raises(CancelledError):
        await worker

    queue = world.storage.queue
    assert isinstance(queue, MemoryQueue)
    assert await queue.drain(handle) == 1
    assert seen == [job]
