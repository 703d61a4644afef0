"""The contract of the job queue: jobs are written in a unit of work and run by a worker."""

from asyncio import Barrier, Event, create_task, timeout
from collections.abc import Sequence

import pytest

from domain.ids import EmailId
from domain.jobs import BATCH_SIZE, BlocklistJob, DetectionJob, EmailJob, Job, QueuedJob, ScreeningJob
from domain.tracing import current_trace
from domain.understanding import MAX_WAITING, Task
from tests.contracts.harness import StorageHarness

TIMEOUT = 20
"""Seconds after which a test that waits for a job gives up."""


async def enqueue(harness: StorageHarness, *jobs: QueuedJob) -> None:
    async with harness.storage.begin() as uow:
        await uow.jobs.enqueue(*jobs)
        await uow.commit()


async def new_jobs(harness: StorageHarness, number: int, task: Task = Task.CLASSIFICATION) -> list[Job]:
    ada = await harness.add_user("ada")
    return [Job(task, (await harness.add_image(ada)).id) for _ in range(number)]


async def work_until(harness: StorageHarness, *awaited: QueuedJob) -> list[QueuedJob]:
    """Run the worker until all these jobs have been delivered, and return the delivered jobs."""
    seen: list[QueuedJob] = []
    stop = Event()

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        seen.extend(jobs)
        if set(awaited) <= set(seen):
            stop.set()

    async with timeout(TIMEOUT):
        await harness.storage.queue.work(handle, stop)
    return seen


class QueueContract:
    async def test_committed_jobs_are_delivered(self, harness: StorageHarness) -> None:
        first, second, third = await new_jobs(harness, 3)
        caption = Job(Task.CAPTION, first.image_id)

        await enqueue(harness, first, second)
        await enqueue(harness, third, caption)

        assert set(await work_until(harness, first, second, third, caption)) == {first, second, third, caption}

    async def test_jobs_are_delivered_by_turn(self, harness: StorageHarness) -> None:
        flood = [Job(job.task, job.image_id, turn) for turn, job in enumerate(await new_jobs(harness, 12))]
        bob = await harness.add_user("bob")
        late = Job(Task.CLASSIFICATION, (await harness.add_image(bob)).id, turn=0)
        await enqueue(harness, *flood[1:])

        await enqueue(harness, late)

        assert late in (await work_until(harness, late, flood[1]))[:2]

    async def test_emails_are_delivered_before_captions(self, harness: StorageHarness) -> None:
        (image,) = await new_jobs(harness, 1, Task.CAPTION)
        email = EmailJob(EmailId(harness.new_id()))
        await enqueue(harness, image)

        await enqueue(harness, email, email)

        assert await work_until(harness, image, email) == [email, image]

    async def test_jobs_of_known_images_are_delivered_and_screenings_first(self, harness: StorageHarness) -> None:
        (image,) = await new_jobs(harness, 1, Task.CAPTION)
        screening, blocklist = ScreeningJob(image.image_id), BlocklistJob()
        await enqueue(harness, image, blocklist)

        await enqueue(harness, screening, screening, blocklist)

        delivered = await work_until(harness, image, screening, blocklist)
        assert delivered[0] == screening
        assert set(delivered[1:]) == {image, blocklist}

    async def test_detection_of_sensitive_media_comes_after_all_analysis(self, harness: StorageHarness) -> None:
        image, late = await new_jobs(harness, 2, Task.CAPTION)
        detection, last = DetectionJob(image.image_id), Job(Task.CAPTION, late.image_id, turn=MAX_WAITING - 1)
        await enqueue(harness, detection)

        await enqueue(harness, image, last, detection)

        assert await work_until(harness, image, last, detection) == [image, last, detection]

    async def test_waiting_classifications_are_delivered_in_batches(self, harness: StorageHarness) -> None:
        images = await new_jobs(harness, BATCH_SIZE + 10)
        batches: list[Sequence[QueuedJob]] = []
        stop = Event()

        async def handle(jobs: Sequence[QueuedJob]) -> None:
            batches.append(jobs)
            if sum(map(len, batches)) == len(images):
                stop.set()

        await enqueue(harness, *images)
        async with timeout(TIMEOUT):
            await harness.storage.queue.work(handle, stop)

        assert max(map(len, batches)) > BATCH_SIZE // 2
        assert all(len(batch) <= BATCH_SIZE for batch in batches)
        assert sorted((job for batch in batches for job in batch), key=str) == sorted(images, key=str)

    async def test_other_jobs_are_delivered_one_by_one(self, harness: StorageHarness) -> None:
        captions = await new_jobs(harness, 5, Task.CAPTION)
        sizes: list[int] = []
        stop = Event()

        async def handle(jobs: Sequence[QueuedJob]) -> None:
            sizes.append(len(jobs))
            if len(sizes) == len(captions):
                stop.set()

        await enqueue(harness, *captions)
        async with timeout(TIMEOUT):
            await harness.storage.queue.work(handle, stop)

        assert sizes == [1] * len(captions)

    @pytest.mark.parametrize("waiting", [Task.CLASSIFICATION, Task.CAPTION])
    async def test_backlog_of_one_kind_does_not_delay_other(self, harness: StorageHarness, waiting: Task) -> None:
        """All handlers of one kind wait until a job of the other kind has been delivered."""
        backlog = await new_jobs(harness, 3 * BATCH_SIZE if waiting is Task.CLASSIFICATION else 6, waiting)
        other = Job(Task.CAPTION if waiting is Task.CLASSIFICATION else Task.CLASSIFICATION, backlog[0].image_id, 99)
        delivered, stop = Event(), Event()

        async def handle(jobs: Sequence[QueuedJob]) -> None:
            if other in jobs:
                delivered.set()
                stop.set()
            await delivered.wait()

        await enqueue(harness, *backlog)
        await enqueue(harness, other)
        async with timeout(TIMEOUT):
            await harness.storage.queue.work(handle, stop)

        assert delivered.is_set()

    async def test_rolled_back_job_is_not_delivered(self, harness: StorageHarness) -> None:
        never, later = await new_jobs(harness, 2)

        async with harness.storage.begin() as uow:
            await uow.jobs.enqueue(never)
        await enqueue(harness, later)

        assert await work_until(harness, later) == [later]

    async def test_queued_job_is_not_duplicated(self, harness: StorageHarness) -> None:
        job, last, after = await new_jobs(harness, 3)
        for _ in range(3):
            await enqueue(harness, job, job)
        await enqueue(harness, last)

        seen = await work_until(harness, job, last)
        await enqueue(harness, after)
        seen += await work_until(harness, after)

        assert sorted(seen, key=str) == sorted([job, last, after], key=str)

    async def test_completed_job_can_be_queued_again(self, harness: StorageHarness) -> None:
        (job,) = await new_jobs(harness, 1)

        for _ in range(2):
            await enqueue(harness, job)
            assert await work_until(harness, job) == [job]

    async def test_empty_list_of_jobs_is_accepted(self, harness: StorageHarness) -> None:
        await enqueue(harness)
        (job,) = await new_jobs(harness, 1)

        await enqueue(harness, job)

        assert await work_until(harness, job) == [job]

    async def test_commit_wakes_idle_worker(self, harness: StorageHarness) -> None:
        first, second = await new_jobs(harness, 2)
        began, stop = Event(), Event()
        seen: list[QueuedJob] = []

        async def handle(jobs: Sequence[QueuedJob]) -> None:
            seen.extend(jobs)
            began.set()
            if second in jobs:
                stop.set()

        await enqueue(harness, first)
        worker = create_task(harness.storage.queue.work(handle, stop))
        async with timeout(TIMEOUT):
            await began.wait()
            await enqueue(harness, second)
            await worker

        assert seen == [first, second]

    async def test_jobs_run_concurrently(self, harness: StorageHarness) -> None:
        both = await new_jobs(harness, 2, Task.CAPTION)
        together, stop = Barrier(2), Event()

        async def handle(_: Sequence[QueuedJob]) -> None:
            await together.wait()
            stop.set()

        await enqueue(harness, *both)
        async with timeout(TIMEOUT):
            await harness.storage.queue.work(handle, stop)

    async def test_stop_completes_jobs_in_progress(self, harness: StorageHarness) -> None:
        (job,) = await new_jobs(harness, 1)
        began, go_on, stop, finished = Event(), Event(), Event(), Event()

        async def handle(_: Sequence[QueuedJob]) -> None:
            began.set()
            await go_on.wait()
            finished.set()

        await enqueue(harness, job)
        worker = create_task(harness.storage.queue.work(handle, stop))
        async with timeout(TIMEOUT):
            await began.wait()
            stop.set()
            assert not worker.done()
            go_on.set()
            await worker

        assert finished.is_set()

    async def test_unstarted_job_waits_for_next_worker(self, harness: StorageHarness) -> None:
        (job,) = await new_jobs(harness, 1)
        stopped = Event()
        stopped.set()
        await enqueue(harness, job)

        async def never(_: Sequence[QueuedJob]) -> None:
            raise AssertionError("a stopped worker takes nothing on")

        async with timeout(TIMEOUT):
            await harness.storage.queue.work(never, stopped)

        assert await work_until(harness, job) == [job]

    async def test_failed_job_is_dropped(self, harness: StorageHarness) -> None:
        bad, good = await new_jobs(harness, 2, Task.CAPTION)
        seen: list[QueuedJob] = []
        stop = Event()

        async def handle(jobs: Sequence[QueuedJob]) -> None:
            seen.extend(jobs)
            if set(seen) == {bad, good}:
                stop.set()
            if bad in jobs:
                raise LookupError("this job is bad")

        await enqueue(harness, bad)
        await enqueue(harness, good)
        async with timeout(TIMEOUT):
            await harness.storage.queue.work(handle, stop)

        assert sorted(seen, key=str) == sorted([bad, good], key=str)
        after = Job(Task.CLASSIFICATION, bad.image_id)
        await enqueue(harness, after)
        assert await work_until(harness, after) == [after]

    async def test_job_carries_the_trace_of_the_request_that_made_it(self, harness: StorageHarness) -> None:
        context = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
        (untraced,) = await new_jobs(harness, 1)
        token = current_trace.set(context)
        try:
            traced: list[QueuedJob] = [
                Job(Task.CAPTION, untraced.image_id),
                EmailJob(EmailId(harness.new_id())),
                BlocklistJob(),
            ]
        finally:
            current_trace.reset(token)
        await enqueue(harness, untraced, *traced)

        delivered = await work_until(harness, untraced, *traced)

        assert {job: job.trace for job in delivered} == {untraced: {}, **dict.fromkeys(traced, context)}
