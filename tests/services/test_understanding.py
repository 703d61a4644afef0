"""What the worker makes of a picture, through every kind of trouble."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.captions import Draft
from domain.errors import DomainError, Forbidden, NotFound, Unavailable
from domain.ids import UserId
from domain.images import BrokenImage, Image
from domain.jobs import Job
from domain.understanding import LEASE, MAX_ATTEMPTS, State, Task, Understanding
from domain.vision import ClassifierAway, Label, Prediction, UnusableModel
from tests.doubles import ScriptedCaptionWriter, ScriptedClassifier, StoppedClock, label
from tests.pictures import a_telling_jpeg
from tests.services.conftest import Town
from tests.worlds import memory_container

RETRIEVER = [label("golden retriever", 0.8), label("Labrador retriever", 0.15, 208), label("tennis ball", 0.02, 852)]


def a_town(classifier: ScriptedClassifier, captions: object = None) -> Town:
    clock = StoppedClock()
    return Town(memory_container(clock=clock, classifier=classifier, captions=captions), clock)


async def classification(town: Town, image: Image, owner: UserId) -> Understanding:
    return (await town.container.uploading().image(image.id, owner)).understanding[Task.CLASSIFICATION]


async def caption(town: Town, image: Image, owner: UserId) -> Understanding:
    return (await town.container.uploading().image(image.id, owner)).understanding[Task.CAPTION]


async def test_a_picture_gets_the_label_the_model_is_sure_enough_of() -> None:
    town = a_town(ScriptedClassifier(RETRIEVER))
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    seen = await town.container.uploading().image(image.id, ada)
    assert [found.name for found in seen.labels] == ["golden retriever"]
    row = seen.understanding[Task.CLASSIFICATION]
    assert (row.state, row.attempts, row.model, row.error) == (State.DONE, 1, "scripted@v1", None)


async def test_a_picture_without_a_sure_label_is_a_normal_picture() -> None:
    town = a_town(ScriptedClassifier([label("maybe", 0.05)]))
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    assert (await town.container.uploading().image(image.id, ada)).labels == ()
    assert (await classification(town, image, ada)).state is State.DONE


async def test_an_unsure_picture_gets_a_broader_word() -> None:
    town = a_town(ScriptedClassifier([label("beagle", 0.5, 162, ("dog", "animal")), label("pug", 0.4, 254, ("dog",))]))
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    (seen,) = (await town.container.uploading().image(image.id, ada)).labels
    assert (seen.key, seen.name, seen.class_index) == ("tag:dog", "dog", None)


async def test_labels_show_how_sure_the_model_is_at_its_temperature() -> None:
    modest = [label("beagle", 0.5, 162), label("pug", 0.25), label("cat", 0.25)]
    town = a_town(ScriptedClassifier(modest, temperature=0.5))
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    (seen,) = (await town.container.uploading().image(image.id, ada)).labels
    assert seen.score == pytest.approx(0.25 / 0.375)


async def test_a_missing_model_is_not_yet_and_the_queue_drains_once_it_is_there() -> None:
    classifier = ScriptedClassifier(RETRIEVER, version=None)
    town = a_town(classifier)
    ada = await town.person("ada")
    image = await town.image(ada)
    await town.work()
    waiting = await classification(town, image, ada)
    assert (waiting.state, waiting.attempts, waiting.error) == (State.PENDING, 0, "model_missing")

    await town.container.understanding().sweep()
    assert await town.work() == 0

    classifier.version = "v1"
    await town.container.understanding().sweep()
    await town.work()
    assert (await classification(town, image, ada)).state is State.DONE


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnusableModel("its hash is another"), "unusable_model"),
        (ClassifierAway("no server answers"), "classifier_away"),
    ],
)
async def test_an_eye_that_cannot_see_is_not_yet_either_and_a_better_one_is_tried_at_once(
    error: DomainError, said: str
) -> None:
    town = a_town(ScriptedClassifier(error, RETRIEVER))
    ada = await town.person("ada")
    image = await town.image(ada)
    await town.work()
    waiting = await classification(town, image, ada)
    assert (waiting.state, waiting.attempts, waiting.error) == (State.PENDING, 0, said)

    await town.container.understanding().sweep()
    await town.work()

    assert (await classification(town, image, ada)).state is State.DONE


async def test_a_caption_that_waited_for_labels_goes_on_without_when_there_will_be_none() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    town = a_town(ScriptedClassifier(BrokenImage("cut short")), captions)
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    assert (await classification(town, image, ada)).state is State.FAILED
    assert (await caption(town, image, ada)).state is State.DONE
    assert captions.calls == [()]


async def test_a_stumble_is_tried_again_later_with_growing_delay() -> None:
    away = Unavailable("the classifier is away")
    town = a_town(ScriptedClassifier(away, away, RETRIEVER))
    ada = await town.person("ada")
    image = await town.image(ada)
    delays: list[timedelta] = []
    for attempts in (1, 2):
        await town.work()
        row = await classification(town, image, ada)
        assert (row.state, row.attempts, row.error) == (State.PENDING, attempts, "busy: the classifier is away")
        assert row.next_attempt_at is not None
        delays.append(row.next_attempt_at - town.clock.now())
        assert await town.container.understanding().sweep() == 0
        town.clock.advance(delays[-1])
        assert await town.container.understanding().sweep() == 1

    await town.work()

    assert delays[1] == 2 * delays[0]
    done = await classification(town, image, ada)
    assert (done.state, done.attempts, done.error) == (State.DONE, 3, None)


async def test_a_picture_that_cannot_be_read_fails_at_once_and_for_good() -> None:
    town = a_town(ScriptedClassifier(BrokenImage("cut short after 12 bytes")))
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    row = await classification(town, image, ada)
    assert (row.state, row.attempts, row.error) == (State.FAILED, 1, "broken_image: cut short after 12 bytes")


async def test_attempts_come_to_an_end_and_an_operator_may_grant_new_ones() -> None:
    classifier = ScriptedClassifier(RuntimeError("out of memory"))
    town = a_town(classifier)
    ada = await town.person("ada")
    image = await town.image(ada)

    for _ in range(MAX_ATTEMPTS + 3):
        await town.work()
        town.clock.advance(timedelta(hours=1))
        await town.container.understanding().sweep()

    row = await classification(town, image, ada)
    assert row.state is State.FAILED
    assert "out of memory" not in (row.error or "")
    (stuck,) = await town.container.understanding().stuck(10)
    assert stuck.error == "internal_error: RuntimeError: out of memory"
    assert classifier.seen == MAX_ATTEMPTS

    assert await town.container.understanding().retry_failed() == 1
    await town.work()
    assert classifier.seen == MAX_ATTEMPTS + 1


async def test_a_picture_that_kills_its_worker_is_given_up_in_the_end(clock: StoppedClock) -> None:
    class Killer(ScriptedClassifier):
        """Hangs for ever, as a worker that was killed never answers."""

        async def classify(self, data: bytes, top: int = 5) -> Prediction:
            self.seen += 1
            await asyncio.Event().wait()
            raise AssertionError("it never answers")

    classifier = Killer(RETRIEVER)
    town = a_town(classifier)
    ada = await town.person("ada")
    image = await town.image(ada)
    attempt = town.container.understanding().attempt

    for _ in range(MAX_ATTEMPTS + 2):
        dying = asyncio.create_task(attempt(Job(Task.CLASSIFICATION, image.id)))
        await asyncio.sleep(0.01)
        dying.cancel()
        town.clock.advance(LEASE)

    row = await classification(town, image, ada)
    assert (row.state, row.error) == (State.FAILED, "its worker died in every attempt")
    assert classifier.seen == MAX_ATTEMPTS


async def test_a_new_version_sees_every_picture_again_but_buys_no_caption() -> None:
    classifier, captions = ScriptedClassifier(RETRIEVER), ScriptedCaptionWriter(needs_labels=True)
    town = a_town(classifier, captions)
    ada = await town.person("ada")
    image = await town.image(ada)
    await town.work()
    assert (await town.container.understanding().sweep(), len(captions.calls)) == (0, 1)

    classifier.version = "v2"
    await town.container.understanding().sweep()
    await town.work()

    assert (await classification(town, image, ada)).model == "scripted@v2"
    assert len(captions.calls) == 1


async def test_a_caption_from_labels_waits_for_them() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    town = a_town(ScriptedClassifier(RETRIEVER), captions)
    ada = await town.person("ada")
    image = await town.image(ada)
    assert (await caption(town, image, ada)).state is State.PENDING

    await town.work()

    assert captions.calls == [("golden retriever",)]
    assert (await caption(town, image, ada)).state is State.DONE
    suggestion = (await town.container.uploading().image(image.id, ada)).suggestion
    assert suggestion is not None
    assert (suggestion.text, suggestion.model, suggestion.prompt_version) == ("draft 1", "scripted-1", "test/1")


async def test_a_caption_from_labels_asked_for_too_early_still_waits() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    town = a_town(ScriptedClassifier(RETRIEVER, version=None), captions)
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.container.understanding().ask_again(image.id, ada, Task.CAPTION)
    await town.work()

    row = await caption(town, image, ada)
    assert (row.state, row.attempts, row.next_attempt_at, captions.calls) == (State.PENDING, 0, None, [])


async def test_a_caption_is_written_from_a_rendition_never_from_what_was_uploaded() -> None:
    class Onlooker(ScriptedCaptionWriter):
        """Keeps what it is shown: a captioning service might."""

        shown: bytes = b""

        async def write(self, data: bytes, labels: Sequence[Label]) -> Draft:
            self.shown = data
            return await super().write(data, labels)

    captions = Onlooker(needs_labels=False)
    container = memory_container(config={"processor": "vips"}, captions=captions)
    town = Town(container, StoppedClock())

    await container.uploading().upload(await town.person("ada"), a_telling_jpeg(None))
    await town.work()

    assert captions.shown.startswith(b"\xff\xd8\xff")
    assert b"Secret" not in captions.shown


async def test_a_caption_that_needs_no_labels_does_not_wait() -> None:
    captions = ScriptedCaptionWriter(needs_labels=False)
    town = a_town(ScriptedClassifier(RETRIEVER, version=None), captions)
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    assert (await caption(town, image, ada)).state is State.DONE
    assert captions.calls == [()]


async def test_without_a_caption_writer_captions_are_skipped() -> None:
    town = a_town(ScriptedClassifier(RETRIEVER), captions=None)
    ada = await town.person("ada")
    image = await town.image(ada)

    await town.work()

    row = await caption(town, image, ada)
    assert row.state is State.SKIPPED
    assert row.error is not None
    assert "TINTYPE_CAPTIONS" in row.error


async def test_asking_again_overtakes_a_running_attempt() -> None:
    class Gated(ScriptedClassifier):
        def __init__(self, *script: Sequence[Label]) -> None:
            super().__init__(*script)
            self.begun, self.gate = asyncio.Event(), asyncio.Event()

        async def classify(self, data: bytes, top: int = 5) -> Prediction:
            answer = await super().classify(data, top)
            self.begun.set()
            await self.gate.wait()
            return answer

    classifier = Gated([label("stale", 0.9)], [label("fresh", 0.9)])
    town = a_town(classifier)
    ada = await town.person("ada")
    image = await town.image(ada)
    attempt, job = town.container.understanding().attempt, Job(Task.CLASSIFICATION, image.id)
    running = asyncio.create_task(attempt(job))
    await classifier.begun.wait()

    town.clock.advance(timedelta(seconds=1))
    await town.container.understanding().ask_again(image.id, ada, Task.CLASSIFICATION)
    classifier.gate.set()
    await running
    assert (await town.container.uploading().image(image.id, ada)).labels == ()
    await attempt(job)

    assert [found.name for found in (await town.container.uploading().image(image.id, ada)).labels] == ["fresh"]


async def test_a_deleted_picture_is_no_trouble_to_the_worker() -> None:
    town = a_town(ScriptedClassifier(RETRIEVER))
    ada = await town.person("ada")
    image = await town.image(ada)
    await town.container.uploading().delete(image.id, ada)

    await town.work()

    assert [count.count for count in await town.container.understanding().status()] == []


async def test_only_the_owner_asks_again() -> None:
    town = a_town(ScriptedClassifier(RETRIEVER))
    ada, bob = await town.person("ada"), await town.person("bob")
    hidden, view = await town.image(ada), await town.post(ada, seed=1)

    with pytest.raises(NotFound):
        await town.container.understanding().ask_again(hidden.id, bob, Task.CAPTION)
    with pytest.raises(Forbidden):
        await town.container.understanding().ask_again(view.images[0].id, bob, Task.CAPTION)


async def test_the_status_counts_pictures_by_task_and_state() -> None:
    town = a_town(ScriptedClassifier(BrokenImage("no")), ScriptedCaptionWriter(needs_labels=True))
    ada = await town.person("ada")
    for seed in range(3):
        await town.image(ada, seed)
    await town.work()

    counts = {(count.task, count.state): count for count in await town.container.understanding().status()}

    failed = counts[Task.CLASSIFICATION, State.FAILED]
    assert (failed.count, failed.example_error) == (3, "broken_image: no")
