"""Backfills: images whose labels are by another model are classified again, each once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest

from container import Container
from domain.ids import ImageId, UserId
from domain.images import BrokenImage, Image
from domain.services.backfilling import MAX_WAIT, Advance, ModelChanged
from domain.understanding import LEASE, State, Task, Understanding
from domain.users import SignUp
from domain.vision import Model, ModelMissing
from entrypoints.cli.local_engine import LocalEngine
from tests.containers import container_for
from tests.doubles import HangingClassifier, StoppedClock, label
from tests.sample_images import a_jpeg

OLD, NEW = [label("tabby", 0.9, 281)], [label("golden retriever", 0.9)]


class Backfills:
    """A container whose images are classified by v1, while the installed model is v2."""

    def __init__(self, container: Container, clock: StoppedClock, classifier: HangingClassifier) -> None:
        self.container = container
        self.clock = clock
        self.classifier = classifier
        self.images: list[Image] = []
        self.owner: UserId

    async def classify_images(self, number: int) -> None:
        ada = await self.container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        self.owner = ada.user.id
        for seed in range(number):
            self.images.append(await self.container.uploading().upload(self.owner, a_jpeg(seed=seed)))
        await self.container.classifying().attempt(*(image.id for image in self.images))
        self.classifier.version = "v2"
        self.classifier.set_script(NEW)

    async def run(self, *, moves_clock: bool = True) -> int:
        """Run a backfill, whose pauses move the clock. Return the number of images it passed to the engine."""
        passed = 0

        def advance(count: int) -> None:
            nonlocal passed
            passed += count

        async def pause(seconds: float) -> None:
            await asyncio.sleep(0)
            if moves_clock:
                self.clock.advance(timedelta(seconds=seconds))

        backfilling = self.container.backfilling()
        model = await backfilling.current_model()
        await backfilling.run(model, LocalEngine(self.container).run, advance, pause)
        return passed

    async def count(self) -> int:
        backfilling = self.container.backfilling()
        return await backfilling.count(await backfilling.current_model())

    async def rows(self) -> list[Understanding]:
        found = [await self.container.uploading().image(image.id, self.owner) for image in self.images]
        return [image.understanding[Task.CLASSIFICATION] for image in found]

    async def label_names(self) -> list[str]:
        found = [await self.container.uploading().image(image.id, self.owner) for image in self.images]
        return [shown.name for image in found for shown in image.labels]


@pytest.fixture
async def backfills(either_store: str | None) -> AsyncIterator[Backfills]:
    clock, classifier = StoppedClock(), HangingClassifier(OLD)
    async with asyncio.timeout(60), container_for(either_store, clock=clock, classifier=classifier) as container:
        backfills = Backfills(container, clock, classifier)
        await backfills.classify_images(7)
        yield backfills


async def test_outdated_images_get_new_labels(backfills: Backfills) -> None:
    assert await backfills.label_names() == ["tabby"] * 7
    assert await backfills.count() == 7

    assert await backfills.run() == 7

    assert await backfills.label_names() == ["golden retriever"] * 7
    assert {(row.state, row.model, row.attempts) for row in await backfills.rows()} == {(State.DONE, "scripted@v2", 1)}
    assert await backfills.count() == 0


async def test_second_run_does_nothing(backfills: Backfills) -> None:
    await backfills.run()
    seen = backfills.classifier.seen

    assert await backfills.run() == 0
    assert backfills.classifier.seen == seen


async def test_waiting_uploads_are_classified_too(backfills: Backfills) -> None:
    new = await backfills.container.uploading().upload(backfills.owner, a_jpeg(seed=99))
    backfills.images.append(new)

    assert await backfills.run() == 8

    assert {row.model for row in await backfills.rows()} == {"scripted@v2"}


async def test_run_shares_work_with_workers(backfills: Backfills) -> None:
    """A sweep has made the images due, and a worker handles some of them at the same time."""
    backfills.classifier.seen = 0
    await backfills.container.image_analysis().sweep()
    ids = [image.id for image in backfills.images]

    runs = [backfills.run(moves_clock=False) for _ in range(2)]
    await asyncio.gather(runs[0], backfills.container.classifying().attempt(*ids), runs[1])

    assert backfills.classifier.seen == len(ids)
    assert [row.attempts for row in await backfills.rows()] == [1] * len(ids)


async def test_killed_run_is_continued(backfills: Backfills) -> None:
    killed = asyncio.create_task(backfills.run())
    await backfills.classifier.hang(7)
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)
    assert {row.state for row in await backfills.rows()} == {State.RUNNING}
    began = backfills.clock.now()

    assert await backfills.run() == 7

    assert await backfills.label_names() == ["golden retriever"] * 7
    assert LEASE <= backfills.clock.now() - began < MAX_WAIT


async def test_run_does_not_wait_for_busy_workers_without_end(backfills: Backfills) -> None:
    busy = await backfills.container.uploading().upload(backfills.owner, a_jpeg(seed=99))
    backfills.images.append(busy)
    worker = asyncio.create_task(backfills.container.classifying().attempt(busy.id))
    await backfills.classifier.hang(1)

    assert await backfills.run() >= 7

    assert await backfills.label_names() == ["golden retriever"] * 8
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_failing_image_does_not_stop_run(backfills: Backfills) -> None:
    backfills.classifier.set_script(NEW, BrokenImage("cut short"), NEW)

    assert await backfills.run() == 7

    states = [row.state for row in await backfills.rows()]
    assert (states.count(State.DONE), states.count(State.FAILED)) == (6, 1)
    assert await backfills.count() == 0


async def test_run_needs_model(backfills: Backfills) -> None:
    backfills.classifier.version = None

    with pytest.raises(ModelMissing):
        await backfills.run()


async def test_new_model_ends_run(backfills: Backfills) -> None:
    """Otherwise two runs with two models would classify in turns."""

    async def engine(image_ids: Sequence[ImageId], model: Model, advance: Advance) -> None:
        backfills.classifier.version = "v3"
        await LocalEngine(backfills.container).run(image_ids, model, advance)

    backfilling = backfills.container.backfilling()
    with pytest.raises(ModelChanged, match="scripted@v3"):
        await backfilling.run(await backfilling.current_model(), engine, lambda _: None)

    assert await backfills.label_names() == ["tabby"] * 7
