"""Batches of classifications: each image gets what it would get alone, whatever happens to the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.onnx.models import OnnxModelStore
from container import Container
from domain.ids import DecisionId, ImageId, UserId
from domain.images import BrokenImage, Image
from domain.jobs import Job, QueuedJob
from domain.pages import PageRequest
from domain.screening import quarantine
from domain.services.classifying import MAX_BATCH_TIME, MAX_ORIGINALS
from domain.services.task_attempts import QUARANTINED
from domain.understanding import LEASE, State, Task, Understanding
from domain.users import SignUp
from domain.vision import CLASS_COUNT, Prediction, Verdict
from tests.containers import container_for
from tests.doubles import HangingClassifier, ScriptedClassifier, StoppedClock, label
from tests.models import new_classifier, tiny_model
from tests.sample_images import a_jpeg

DOG = [label("golden retriever", 0.8)]


class WatchedClassifier(ScriptedClassifier):
    """Calls `on` for each image before its answer, and counts the concurrent calls."""

    def __init__(self, on: Callable[[int], Awaitable[None]] | None = None) -> None:
        super().__init__(DOG)
        self.on = on
        self.now = 0
        self.most = 0

    async def classify(self, data: bytes, top: int = 5) -> Prediction:
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            await asyncio.sleep(0)
            if self.on is not None:
                await self.on(self.seen)
            return await super().classify(data, top)
        finally:
            self.now -= 1


class Batches:
    """A container with images of one user, and what tests do with it."""

    def __init__(self, container: Container, clock: StoppedClock, owner: UserId) -> None:
        self.container = container
        self.clock = clock
        self.owner = owner

    async def upload(self, number: int) -> list[Image]:
        return [await self.container.uploading().upload(self.owner, a_jpeg(seed=seed)) for seed in range(number)]

    async def attempt(self, images: Sequence[Image]) -> None:
        jobs = (Job(Task.CLASSIFICATION, image.id) for image in images)
        await self.container.image_analysis().attempt(*jobs)

    async def read(self, image: Image) -> Image:
        return await self.container.uploading().image(image.id, self.owner)

    async def rows(self, images: Sequence[Image]) -> list[Understanding]:
        return [(await self.read(image)).understanding[Task.CLASSIFICATION] for image in images]

    async def states(self, images: Sequence[Image]) -> list[State]:
        return [row.state for row in await self.rows(images)]


Start = Callable[..., Awaitable[Batches]]


@pytest.fixture
async def start(either_store: str | None) -> AsyncIterator[Start]:
    async with asyncio.timeout(60):
        contexts = []

        async def begin(**replaced: object) -> Batches:
            clock = StoppedClock()
            context = container_for(either_store, clock=clock, **replaced)
            container = await context.__aenter__()
            contexts.append(context)
            ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
            return Batches(container, clock, ada.user.id)

        yield begin
        for context in contexts:
            await context.__aexit__(None, None, None)


async def test_batch_gives_same_results_as_single_attempts(start: Start) -> None:
    batches = await start()
    together, alone = await batches.upload(12), await batches.upload(12)

    await batches.attempt(together)
    for image in alone:
        await batches.attempt([image])

    for one, other in zip(together, alone, strict=True):
        seen, single = await batches.read(one), await batches.read(other)
        assert seen.labels
        assert [(found.key, found.tags) for found in seen.labels] == [
            (found.key, found.tags) for found in single.labels
        ]
        assert [found.score for found in seen.labels] == pytest.approx([found.score for found in single.labels])
        rows = [found.understanding[Task.CLASSIFICATION] for found in (seen, single)]
        assert [(row.state, row.attempts, row.model) for row in rows] == [(State.DONE, 1, "memory@1")] * 2


async def test_batch_stores_embeddings_of_posted_images(start: Start) -> None:
    batches = await start()
    images = await batches.upload(3)
    for image in images:
        await batches.container.posting().publish(batches.owner, "a post", (image.id,))

    await batches.attempt(images)

    similar = await batches.container.storage().similar_post_reader.of_image(images[0].id, batches.owner, 10)
    assert {found.image_id for found in similar.posts} == {images[1].id, images[2].id}
    assert similar.pending == 0
    (name,) = {found.name for found in (await batches.read(images[0])).labels}
    found = await batches.container.searching().by_words(name, None, PageRequest())
    assert images[0].id in {image.id for hit in found.items for image in hit.view.images}


async def test_failing_image_fails_alone(start: Start) -> None:
    async def refuse_third(seen: int) -> None:
        if seen == 2:
            classifier.on = None
            raise BrokenImage("cut short")

    classifier = WatchedClassifier(refuse_third)
    batches = await start(classifier=classifier)
    images = await batches.upload(6)

    await batches.attempt(images)

    states = await batches.states(images)
    assert (states.count(State.FAILED), states.count(State.DONE)) == (1, 5)
    assert [row.attempts for row in await batches.rows(images)] == [1] * 6


async def test_retried_image_counts_its_own_attempts(start: Start) -> None:
    batches = await start(classifier=ScriptedClassifier(*[DOG] * 3, RuntimeError("out of memory"), DOG))
    images = await batches.upload(4)

    await batches.attempt(images)

    waiting = [row for row in await batches.rows(images) if row.state is State.PENDING]
    assert [(row.attempts, row.error) for row in waiting] == [(1, waiting[0].error)]
    batches.clock.advance(timedelta(minutes=1))
    await batches.attempt(images)
    assert sorted(row.attempts for row in await batches.rows(images)) == [1, 1, 1, 2]
    assert await batches.states(images) == [State.DONE] * 4


async def test_deleted_and_held_images_are_left_out(start: Start) -> None:
    batches = await start()
    deleted, held, kept = images = await batches.upload(3)
    await batches.container.uploading().delete(deleted.id, batches.owner)
    async with batches.container.storage().begin() as uow:
        decision = DecisionId(batches.container.ids().new())
        await uow.decisions.add(quarantine(decision, held.id, batches.owner, batches.clock.now()))
        await uow.commit()

    await batches.attempt(images)

    assert await batches.states([held, kept]) == [State.PENDING, State.DONE]
    assert [row.error for row in await batches.rows([held])] == [QUARANTINED]
    assert (await batches.read(held)).labels == ()


async def test_changes_during_batch_win(start: Start) -> None:
    """An image is deleted and another one is requested again while the batch runs."""

    async def change(seen: int) -> None:
        if seen == 0:
            classifier.on = None
            batches.clock.advance(timedelta(seconds=1))
            await batches.container.uploading().delete(deleted.id, batches.owner)
            await batches.container.image_analysis().request_again(again.id, batches.owner, Task.CLASSIFICATION)

    classifier = WatchedClassifier(change)
    batches = await start(classifier=classifier)
    deleted, again, kept = images = await batches.upload(3)

    await batches.attempt(images)

    assert await batches.states([again, kept]) == [State.PENDING, State.DONE]
    assert (await batches.read(again)).labels == ()


async def test_verdict_of_owner_is_kept(start: Start) -> None:
    batches = await start(classifier=ScriptedClassifier(DOG))
    images = await batches.upload(3)
    await batches.attempt(images)
    judged = images[1]
    key = (await batches.read(judged)).labels[0].key
    await batches.container.label_feedback().judge(judged.id, batches.owner, key, Verdict.WRONG)

    for image in images:
        await batches.container.image_analysis().request_again(image.id, batches.owner, Task.CLASSIFICATION)
    await batches.attempt(images)

    verdicts = [found.verdict for image in images for found in (await batches.read(image)).labels]
    assert verdicts == [None, Verdict.WRONG, None]


async def test_images_of_dead_worker_run_alone(start: Start) -> None:
    """One of them kills the worker, the others must not reach the limit of attempts because of it."""
    classifier = HangingClassifier(DOG)
    batches = await start(classifier=classifier)
    images = await batches.upload(5)
    dying = asyncio.create_task(batches.attempt(images))
    await classifier.hang(5)
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    assert await batches.states(images) == [State.RUNNING] * 5

    await batches.attempt(images)
    assert [row.attempts for row in await batches.rows(images)] == [1] * 5
    batches.clock.advance(LEASE)
    dying = asyncio.create_task(batches.attempt(images))
    await classifier.hang(1)
    assert sorted(row.attempts for row in await batches.rows(images)) == [1, 1, 1, 1, 2]
    dying.cancel()
    await asyncio.gather(dying, return_exceptions=True)
    batches.clock.advance(LEASE)
    await batches.attempt(images)

    assert await batches.states(images) == [State.DONE] * 5
    assert sorted(row.attempts for row in await batches.rows(images)) == [2, 2, 2, 2, 3]


async def test_memory_of_batch_is_bounded(start: Start) -> None:
    classifier = WatchedClassifier()
    batches = await start(classifier=classifier)
    images = await batches.upload(3 * MAX_ORIGINALS)

    await batches.attempt(images)

    assert await batches.states(images) == [State.DONE] * len(images)
    assert 1 < classifier.most <= MAX_ORIGINALS


async def test_slow_batch_returns_images_it_has_not_begun(start: Start) -> None:
    async def take_long(_: int) -> None:
        batches.clock.advance(MAX_BATCH_TIME)

    classifier = WatchedClassifier(take_long)
    batches = await start(classifier=classifier)
    images = await batches.upload(2 * MAX_ORIGINALS)

    await batches.attempt(images)

    rows = await batches.rows(images)
    returned = [row for row in rows if row.state is State.PENDING]
    assert 0 < len(returned) <= MAX_ORIGINALS
    assert [(row.attempts, row.error, row.is_due(batches.clock.now())) for row in returned] == [(0, None, True)] * len(
        returned
    )
    classifier.on = None
    assert await batches.container.image_analysis().sweep() >= len(returned)


async def test_captions_of_batch_take_turns_between_owners(start: Start) -> None:
    batches = await start(classifier=ScriptedClassifier(DOG))
    container = batches.container
    many = await batches.upload(4)
    bob = (await container.accounts().sign_up(SignUp("bob", "bob@example.org", "correct horse"))).user.id
    single = await container.uploading().upload(bob, a_jpeg(seed=9))
    await batches.attempt([*many, single])
    captions: list[ImageId] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        captions.extend(job.image_id for job in jobs if isinstance(job, Job) and job.task is Task.CAPTION)

    await container.storage().queue.drain(handle)

    assert set(captions) == {image.id for image in (*many, single)}
    assert captions.index(single.id) <= 1


class UnstorableClassifier(ScriptedClassifier):
    """Gives the image it sees at `turn` an embedding that no database accepts."""

    def __init__(self, turn: int) -> None:
        super().__init__(DOG)
        self.turn = turn

    async def classify(self, data: bytes, top: int = CLASS_COUNT) -> Prediction:
        prediction = await super().classify(data, top)
        return Prediction(prediction.model, prediction.labels, (0.5,)) if self.seen == self.turn else prediction


async def test_result_that_cannot_be_stored_fails_alone(database_url: str) -> None:
    clock = StoppedClock()
    async with container_for(database_url, clock=clock, classifier=UnstorableClassifier(turn=2)) as container:
        ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        batches = Batches(container, clock, ada.user.id)
        images = await batches.upload(4)

        await batches.attempt(images)

        states = await batches.states(images)
        assert (states.count(State.DONE), states.count(State.PENDING)) == (3, 1)
        assert sum(row.error is not None for row in await batches.rows(images)) == 1


async def test_batch_of_network_gives_same_results_as_single_attempts(tmp_path: Path, either_store: str | None) -> None:
    """The network itself runs images together."""
    colours = [(10 * number, 255 - 10 * number, 128) for number in range(16)]
    models, clock = OnnxModelStore(tmp_path), StoppedClock()
    models.install(tiny_model(tmp_path / "tiny.onnx"))
    async with container_for(either_store, clock=clock, classifier=new_classifier(models)) as container:
        ada = await container.accounts().sign_up(SignUp("ada", "ada@example.org", "correct horse"))
        batches = Batches(container, clock, ada.user.id)
        together, alone = [
            [await container.uploading().upload(ada.user.id, a_jpeg(colour=colour)) for colour in colours]
            for _ in range(2)
        ]

        await batches.attempt(together)
        for image in alone:
            await batches.attempt([image])

        for one, other in zip(together, alone, strict=True):
            seen, single = (await batches.read(one)).labels, (await batches.read(other)).labels
            assert [found.key for found in seen] == [found.key for found in single]
            assert [found.score for found in seen] == pytest.approx([found.score for found in single], abs=1e-5)
