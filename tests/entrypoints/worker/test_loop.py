"""The worker over a memory world: it is told what to do by rows, and nothing that goes wrong once stops it."""

import asyncio
import logging
from asyncio import Event
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from container import Container
from domain.errors import Unavailable
from domain.idempotency import Answer, Answers
from domain.images import Image
from domain.jobs import Job, Queue
from domain.tokens import NotSignedIn, TokenExpired
from domain.understanding import State, Task, Understanding
from domain.users import SignUp
from domain.vision import ImageClassifier, Model, Prediction
from entrypoints.worker.loop import run_worker
from entrypoints.worker.rhythm import Loops, Rhythm
from tests.doubles import ScriptedClassifier, StoppedClock, label
from tests.pictures import a_jpeg
from tests.worlds import memory_container

QUICK = Rhythm(sweep=0.01, housekeeping=0.01, settling=0, first_delay=0.01, longest_delay=0.02)
PATIENCE = 20.0


@asynccontextmanager
async def working(container: Container, rhythm: Rhythm = QUICK) -> AsyncIterator[Event]:
    """A worker, until the block ends; then it must stop by itself."""
    stop = Event()
    worker = asyncio.create_task(run_worker(container, stop, rhythm))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(worker, PATIENCE)


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110  (what it waits for is a row, which sends no event)
            await asyncio.sleep(0.005)


async def uploaded(container: Container) -> Image:
    ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
    image: Image = await container.uploading().upload(ada.user.id, a_jpeg())
    return image


async def classification(container: Container, image: Image) -> Understanding:
    seen = await container.uploading().image(image.id, image.owner_id)
    row: Understanding = seen.understanding[Task.CLASSIFICATION]
    return row


async def test_a_picture_is_understood_while_the_worker_runs() -> None:
    container = memory_container()
    async with working(container):
        image = await uploaded(container)

        async def done() -> bool:
            return (await classification(container, image)).state is State.DONE

        await until(done)
        assert (await container.uploading().image(image.id, image.owner_id)).labels


async def test_without_a_model_a_picture_waits_and_goes_on_by_itself_once_there_is_one() -> None:
    classifier = ScriptedClassifier([label("golden retriever", 0.9)], version=None)
    container = memory_container(classifier=classifier, clock=StoppedClock())
    image = await uploaded(container)
    async with working(container):

        async def postponed() -> bool:
            return (await classification(container, image)).error == "model_missing"

        await until(postponed)
        assert (await classification(container, image)).attempts == 0

        classifier.version = "v1"

        async def done() -> bool:
            return (await classification(container, image)).state is State.DONE

        await until(done)


async def test_what_goes_wrong_in_one_loop_stops_no_other() -> None:
    answers = AnswersAway()
    container = memory_container(answers=answers)
    async with working(container):

        async def tried_twice() -> bool:
            return answers.tried >= 2

        await until(tried_twice)
        image = await uploaded(container)

        async def done() -> bool:
            return (await classification(container, image)).state is State.DONE

        await until(done)


async def test_the_house_is_not_kept_before_things_have_settled() -> None:
    answers = AnswersAway()
    container = memory_container(answers=answers)
    async with working(container, replace(QUICK, settling=3600)):
        image = await uploaded(container)

        async def done() -> bool:
            return (await classification(container, image)).state is State.DONE

        await until(done)
    assert answers.tried == 0


async def test_tokens_long_expired_are_forgotten_while_the_worker_runs() -> None:
    clock = StoppedClock()
    container = memory_container(clock=clock)
    await uploaded(container)
    signing_in = container.signing_in()
    secret = (await signing_in.sign_in("ada", "correct horse")).secret
    clock.advance(timedelta(days=40))
    async with working(container):

        async def forgotten() -> bool:
            try:
                await signing_in.session(secret)
            except TokenExpired:
                return False
            except NotSignedIn:
                return True
            raise AssertionError("an expired token signs in")

        await until(forgotten)


async def test_a_queue_that_is_away_is_asked_again() -> None:
    queue = QueueBackLater()
    container = memory_container(queue=queue)
    async with working(container):
        async with asyncio.timeout(PATIENCE):
            await queue.back.wait()
    assert queue.tried == 3


async def test_what_fails_again_is_tried_ever_later_up_to_a_bound(caplog: pytest.LogCaptureFixture) -> None:
    tried, stop = 0, Event()

    async def failing() -> None:
        nonlocal tried
        tried += 1
        if tried == 5:
            stop.set()
        raise Unavailable("away")

    rhythm = Rhythm(first_delay=1, longest_delay=5)  # with a jitter that leaves a thousandth of each pause
    with caplog.at_level(logging.WARNING, "tintype.worker"):
        await asyncio.wait_for(Loops(stop, rhythm, lambda: -0.499).insist(failing), PATIENCE)
    delays = [record.getMessage().rpartition("about ")[2] for record in caplog.records]
    assert delays == ["1 s", "2 s", "4 s", "5 s", "5 s"]


async def test_a_stop_lets_a_job_that_has_begun_finish() -> None:
    classifier = HeldClassifier()
    container = memory_container(classifier=classifier)
    image = await uploaded(container)
    stop = Event()
    worker = asyncio.create_task(run_worker(container, stop, QUICK))
    async with asyncio.timeout(PATIENCE):
        await classifier.begun.wait()
    stop.set()
    await asyncio.sleep(0)
    assert not worker.done()
    classifier.go_on.set()
    await asyncio.wait_for(worker, PATIENCE)
    assert (await classification(container, image)).state is State.DONE


class AnswersAway(Answers):
    """A database that cannot be reached for this one thing."""

    def __init__(self) -> None:
        self.tried = 0

    async def claim(self, scope: str, fingerprint: str, now: datetime) -> Answer | None:
        raise Unavailable("away")

    async def keep(self, scope: str, answer: Answer, now: datetime) -> None:
        raise Unavailable("away")

    async def release(self, scope: str) -> None:
        raise Unavailable("away")

    async def forget(self, now: datetime) -> int:
        self.tried += 1
        raise RuntimeError("away") if self.tried == 1 else Unavailable("away")


class QueueBackLater(Queue):
    """Away twice, then back with nothing to do."""

    def __init__(self) -> None:
        self.tried = 0
        self.back = Event()

    async def work(self, handle: Callable[[Job], Awaitable[None]], stop: Event) -> None:
        self.tried += 1
        if self.tried < 3:
            raise Unavailable("the database is away")
        self.back.set()
        await stop.wait()


class HeldClassifier(ImageClassifier):
    """Takes its time: answers when it is told to go on."""

    def __init__(self) -> None:
        self.begun, self.go_on = Event(), Event()
        self._answers = ScriptedClassifier([label("tench", 0.8)])

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        self.begun.set()
        await self.go_on.wait()
        return await self._answers.classify(data, top)

    async def model(self) -> Model | None:
        return await self._answers.model()
