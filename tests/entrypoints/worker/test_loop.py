"""The worker loop in memory: rows determine its work, and single errors do not stop it."""

import asyncio
import logging
from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from container import Container
from domain.errors import Unavailable
from domain.idempotency import Claim, IdempotencyStore, StoredResult
from domain.images import Image
from domain.jobs import Handle, Queue
from domain.tokens import NotSignedIn, TokenExpired
from domain.understanding import State, Task, Understanding
from domain.users import SignUp
from domain.vision import ImageClassifier, Model, Prediction
from entrypoints.worker.loop import run_worker
from entrypoints.worker.schedule import PeriodicTasks, Schedule
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, StoppedClock, label
from tests.sample_images import a_jpeg

QUICK_SCHEDULE = Schedule(sweep=0.01, maintenance=0.01, startup_delay=0, first_delay=0.01, max_delay=0.02)
TIMEOUT = 20.0


@asynccontextmanager
async def background_worker(container: Container, schedule: Schedule = QUICK_SCHEDULE) -> AsyncIterator[Event]:
    """A worker that runs until the block ends, and must then stop."""
    stop = Event()
    worker = asyncio.create_task(run_worker(container, stop, schedule))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(worker, TIMEOUT)


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(TIMEOUT):
        while not await condition():  # noqa: ASYNC110  (what it waits for is a row, which sends no event)
            await asyncio.sleep(0.005)


async def upload_image(container: Container) -> Image:
    ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
    image: Image = await container.uploading().upload(ada.user.id, a_jpeg())
    return image


async def read_classification(container: Container, image: Image) -> Understanding:
    seen = await container.uploading().image(image.id, image.owner_id)
    row: Understanding = seen.understanding[Task.CLASSIFICATION]
    return row


async def test_image_is_analysed_while_worker_runs() -> None:
    container = memory_container()
    async with background_worker(container):
        image = await upload_image(container)

        async def is_done() -> bool:
            return (await read_classification(container, image)).state is State.DONE

        await wait_until(is_done)
        assert (await container.uploading().image(image.id, image.owner_id)).labels


async def test_image_waits_for_model() -> None:
    classifier = ScriptedClassifier([label("golden retriever", 0.9)], version=None)
    container = memory_container(classifier=classifier, clock=StoppedClock())
    image = await upload_image(container)
    async with background_worker(container):

        async def is_postponed() -> bool:
            return (await read_classification(container, image)).error == "model_missing"

        await wait_until(is_postponed)
        assert (await read_classification(container, image)).attempts == 0

        classifier.version = "v1"

        async def is_done() -> bool:
            return (await read_classification(container, image)).state is State.DONE

        await wait_until(is_done)


async def test_failing_loop_does_not_stop_others() -> None:
    idempotency_store = UnavailableIdempotencyStore()
    container = memory_container(idempotency_store=idempotency_store)
    async with background_worker(container):

        async def has_tried_twice() -> bool:
            return idempotency_store.tried >= 2

        await wait_until(has_tried_twice)
        image = await upload_image(container)

        async def is_done() -> bool:
            return (await read_classification(container, image)).state is State.DONE

        await wait_until(is_done)


async def test_maintenance_waits_for_startup_delay() -> None:
    idempotency_store = UnavailableIdempotencyStore()
    container = memory_container(idempotency_store=idempotency_store)
    async with background_worker(container, replace(QUICK_SCHEDULE, startup_delay=3600)):
        image = await upload_image(container)

        async def is_done() -> bool:
            return (await read_classification(container, image)).state is State.DONE

        await wait_until(is_done)
    assert idempotency_store.tried == 0


async def test_worker_deletes_long_expired_tokens() -> None:
    clock = StoppedClock()
    container = memory_container(clock=clock)
    await upload_image(container)
    signing_in = container.signing_in()
    secret = (await signing_in.sign_in("ada", "correct horse")).secret
    clock.advance(timedelta(days=40))
    async with background_worker(container):

        async def is_deleted() -> bool:
            try:
                await signing_in.session(secret)
            except TokenExpired:
                return False
            except NotSignedIn:
                return True
            raise AssertionError("an expired token signs in")

        await wait_until(is_deleted)


async def test_unavailable_queue_is_retried() -> None:
    queue = FlakyQueue()
    container = memory_container(queue=queue)
    async with background_worker(container):
        async with asyncio.timeout(TIMEOUT):
            await queue.back.wait()
    assert queue.tried == 3


async def test_retries_back_off_up_to_limit(caplog: pytest.LogCaptureFixture) -> None:
    tried, stop = 0, Event()

    async def fail() -> None:
        nonlocal tried
        tried += 1
        if tried == 5:
            stop.set()
        raise Unavailable("away")

    schedule = Schedule(first_delay=1, max_delay=5)  # with a jitter that leaves a thousandth of each pause
    with caplog.at_level(logging.WARNING, "tintype.worker"):
        await asyncio.wait_for(PeriodicTasks(stop, schedule, lambda: -0.499).retry_until_done(fail), TIMEOUT)
    delays = [record.getMessage().rpartition("about ")[2] for record in caplog.records]
    assert delays == ["1 s", "2 s", "4 s", "5 s", "5 s"]


async def test_stop_lets_job_finish() -> None:
    classifier = BlockedClassifier()
    container = memory_container(classifier=classifier)
    image = await upload_image(container)
    stop = Event()
    worker = asyncio.create_task(run_worker(container, stop, QUICK_SCHEDULE))
    async with asyncio.timeout(TIMEOUT):
        await classifier.begun.wait()
    stop.set()
    await asyncio.sleep(0)
    assert not worker.done()
    classifier.go_on.set()
    await asyncio.wait_for(worker, TIMEOUT)
    assert (await read_classification(container, image)).state is State.DONE


class UnavailableIdempotencyStore(IdempotencyStore):
    """A store whose database is unreachable."""

    def __init__(self) -> None:
        self.tried = 0

    async def add(self, claim: Claim, fingerprint: str, now: datetime) -> StoredResult | None:
        raise Unavailable("away")

    async def renew(self, claims: Sequence[Claim], now: datetime) -> None:
        raise Unavailable("away")

    async def save(self, claim: Claim, result: StoredResult, now: datetime) -> None:
        raise Unavailable("away")

    async def release(self, claim: Claim) -> None:
        raise Unavailable("away")

    async def delete_expired(self, now: datetime) -> int:
        self.tried += 1
        raise RuntimeError("away") if self.tried == 1 else Unavailable("away")


class FlakyQueue(Queue):
    """A queue that is unavailable twice, then empty."""

    def __init__(self) -> None:
        self.tried = 0
        self.back = Event()

    async def work(self, handle: Handle, stop: Event) -> None:
        self.tried += 1
        if self.tried < 3:
            raise Unavailable("the database is away")
        self.back.set()
        await stop.wait()

    async def drain(self, handle: Handle) -> int:
        return 0


class BlockedClassifier(ImageClassifier):
    """A classifier that answers when it is released."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self._answers = ScriptedClassifier([label("tench", 0.8)])

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        self.begun.set()
        await self.go_on.wait()
        return await self._answers.classify(data, top)

    async def model(self) -> Model | None:
        return await self._answers.model()
