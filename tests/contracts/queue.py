"""Jobs: written in a unit of work, done by a worker."""

from asyncio import Barrier, Event, create_task, timeout

from domain.jobs import Job
from domain.understanding import Task
from tests.contracts.world import World

PATIENCE = 20
"""Seconds after which a test that waits for a job gives up."""


async def enqueue(world: World, *jobs: Job) -> None:
    async with world.storage.begin() as uow:
        await uow.jobs.enqueue(*jobs)
        await uow.commit()


async def jobs(world: World, number: int) -> list[Job]:
    ada = await world.user("ada")
    return [Job(Task.CLASSIFICATION, (await world.image(ada)).id) for _ in range(number)]


async def worked_until(world: World, *awaited: Job) -> list[Job]:
    """Every job that was handed out until all of these had been."""
    seen: list[Job] = []
    stop = Event()

    async def handle(job: Job) -> None:
        seen.append(job)
        if set(awaited) <= set(seen):
            stop.set()

    async with timeout(PATIENCE):
        await world.storage.queue.work(handle, stop)
    return seen


class QueueContract:
    async def test_committed_jobs_are_handed_out(self, world: World) -> None:
        first, second, third = await jobs(world, 3)
        caption = Job(Task.CAPTION, first.image_id)

        await enqueue(world, first, second)
        await enqueue(world, third, caption)

        assert set(await worked_until(world, first, second, third, caption)) == {first, second, third, caption}

    async def test_an_early_turn_is_handed_out_before_all_later_ones(self, world: World) -> None:
        flood = [Job(job.task, job.image_id, turn) for turn, job in enumerate(await jobs(world, 12))]
        bob = await world.user("bob")
        late = Job(Task.CLASSIFICATION, (await world.image(bob)).id, turn=0)
        await enqueue(world, *flood[1:])

        await enqueue(world, late)

        assert late in (await worked_until(world, late, flood[1]))[:2]

    async def test_a_job_of_a_rolled_back_unit_of_work_never_was(self, world: World) -> None:
        never, later = await jobs(world, 2)

        async with world.storage.begin() as uow:
            await uow.jobs.enqueue(never)
        await enqueue(world, later)

        assert await worked_until(world, later) == [later]

    async def test_a_waiting_job_is_not_doubled(self, world: World) -> None:
        job, last, after = await jobs(world, 3)
        for _ in range(3):
            await enqueue(world, job, job)
        await enqueue(world, last)

        seen = await worked_until(world, job, last)
        await enqueue(world, after)
        seen += await worked_until(world, after)

        assert sorted(seen, key=str) == sorted([job, last, after], key=str)

    async def test_a_job_that_was_done_can_be_asked_for_again(self, world: World) -> None:
        (job,) = await jobs(world, 1)

        for _ in range(2):
            await enqueue(world, job)
            assert await worked_until(world, job) == [job]

    async def test_no_jobs_are_no_error(self, world: World) -> None:
        await enqueue(world)
        (job,) = await jobs(world, 1)

        await enqueue(world, job)

        assert await worked_until(world, job) == [job]

    async def test_a_worker_at_rest_is_woken_by_a_commit(self, world: World) -> None:
        first, second = await jobs(world, 2)
        began, stop = Event(), Event()
        seen: list[Job] = []

        async def handle(job: Job) -> None:
            seen.append(job)
            began.set()
            if job == second:
                stop.set()

        await enqueue(world, first)
        worker = create_task(world.storage.queue.work(handle, stop))
        async with timeout(PATIENCE):
            await began.wait()
            await enqueue(world, second)
            await worker

        assert seen == [first, second]

    async def test_several_are_done_at_once(self, world: World) -> None:
        both = await jobs(world, 2)
        together, stop = Barrier(2), Event()

        async def handle(_: Job) -> None:
            await together.wait()
            stop.set()

        await enqueue(world, *both)
        async with timeout(PATIENCE):
            await world.storage.queue.work(handle, stop)

    async def test_stopping_finishes_what_was_begun(self, world: World) -> None:
        (job,) = await jobs(world, 1)
        began, go_on, stop, finished = Event(), Event(), Event(), Event()

        async def handle(_: Job) -> None:
            began.set()
            await go_on.wait()
            finished.set()

        await enqueue(world, job)
        worker = create_task(world.storage.queue.work(handle, stop))
        async with timeout(PATIENCE):
            await began.wait()
            stop.set()
            assert not worker.done()
            go_on.set()
            await worker

        assert finished.is_set()

    async def test_what_was_not_begun_waits_for_the_next_worker(self, world: World) -> None:
        (job,) = await jobs(world, 1)
        stopped = Event()
        stopped.set()
        await enqueue(world, job)

        async def never(_: Job) -> None:
            raise AssertionError("a stopped worker takes nothing on")

        async with timeout(PATIENCE):
            await world.storage.queue.work(never, stopped)

        assert await worked_until(world, job) == [job]

    async def test_an_error_drops_the_job_and_goes_on(self, world: World) -> None:
        bad, good = await jobs(world, 2)
        seen: list[Job] = []
        stop = Event()

        async def handle(job: Job) -> None:
            seen.append(job)
            if set(seen) == {bad, good}:
                stop.set()
            if job == bad:
                raise LookupError("this job is bad")

        await enqueue(world, bad)
        await enqueue(world, good)
        async with timeout(PATIENCE):
            await world.storage.queue.work(handle, stop)

        assert sorted(seen, key=str) == sorted([bad, good], key=str)
        after = Job(Task.CAPTION, bad.image_id)
        await enqueue(world, after)
        assert await worked_until(world, after) == [after]
