"""Image analysis by the worker, including all failures."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from domain.captions import CaptionDraft
from domain.errors import DomainError, Forbidden, NotFound, Unavailable
from domain.ids import UserId
from domain.images import BrokenImage, Image
from domain.jobs import Job
from domain.understanding import LEASE, MAX_ATTEMPTS, State, Task, Understanding
from domain.vision import ClassifierUnreachable, Label, Prediction, UnusableModel
from tests.containers import memory_container
from tests.doubles import ScriptedCaptionWriter, ScriptedClassifier, StoppedClock, label
from tests.sample_images import a_jpeg_with_metadata
from tests.services.conftest import ServiceHarness

RETRIEVER = [label("golden retriever", 0.8), label("Labrador retriever", 0.15, 208), label("tennis ball", 0.02, 852)]


def new_harness(classifier: ScriptedClassifier, captions: object = None) -> ServiceHarness:
    clock = StoppedClock()
    return ServiceHarness(memory_container(clock=clock, classifier=classifier, captions=captions), clock)


async def classification_row(harness: ServiceHarness, image: Image, owner: UserId) -> Understanding:
    return (await harness.container.uploading().image(image.id, owner)).understanding[Task.CLASSIFICATION]


async def caption_row(harness: ServiceHarness, image: Image, owner: UserId) -> Understanding:
    return (await harness.container.uploading().image(image.id, owner)).understanding[Task.CAPTION]


async def test_image_gets_confident_label() -> None:
    harness = new_harness(ScriptedClassifier(RETRIEVER))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    seen = await harness.container.uploading().image(image.id, ada)
    assert [found.name for found in seen.labels] == ["golden retriever"]
    row = seen.understanding[Task.CLASSIFICATION]
    assert (row.state, row.attempts, row.model, row.error) == (State.DONE, 1, "scripted@v1", None)


async def test_image_without_confident_label_is_done() -> None:
    harness = new_harness(ScriptedClassifier([label("maybe", 0.05)]))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    assert (await harness.container.uploading().image(image.id, ada)).labels == ()
    assert (await classification_row(harness, image, ada)).state is State.DONE


async def test_unsure_image_gets_broader_word() -> None:
    harness = new_harness(
        ScriptedClassifier([label("beagle", 0.5, 162, ("dog", "animal")), label("pug", 0.4, 254, ("dog",))])
    )
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    (seen,) = (await harness.container.uploading().image(image.id, ada)).labels
    assert (seen.key, seen.name, seen.class_index) == ("tag:dog", "dog", None)


async def test_scores_use_temperature() -> None:
    modest = [label("beagle", 0.5, 162), label("pug", 0.25), label("cat", 0.25)]
    harness = new_harness(ScriptedClassifier(modest, temperature=0.5))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    (seen,) = (await harness.container.uploading().image(image.id, ada)).labels
    assert seen.score == pytest.approx(0.25 / 0.375)


async def test_images_wait_for_missing_model() -> None:
    classifier = ScriptedClassifier(RETRIEVER, version=None)
    harness = new_harness(classifier)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    await harness.run_due_jobs()
    waiting = await classification_row(harness, image, ada)
    assert (waiting.state, waiting.attempts, waiting.error) == (State.PENDING, 0, "model_missing")

    await harness.container.image_analysis().sweep()
    assert await harness.run_due_jobs() == 0

    classifier.version = "v1"
    await harness.container.image_analysis().sweep()
    await harness.run_due_jobs()
    assert (await classification_row(harness, image, ada)).state is State.DONE


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnusableModel("its hash is another"), "unusable_model"),
        (ClassifierUnreachable("no server answers"), "classifier_away"),
    ],
)
async def test_images_wait_for_unusable_model_and_new_one_is_tried_at_once(error: DomainError, said: str) -> None:
    harness = new_harness(ScriptedClassifier(error, RETRIEVER))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    await harness.run_due_jobs()
    waiting = await classification_row(harness, image, ada)
    assert (waiting.state, waiting.attempts, waiting.error) == (State.PENDING, 0, said)

    await harness.container.image_analysis().sweep()
    await harness.run_due_jobs()

    assert (await classification_row(harness, image, ada)).state is State.DONE


async def test_caption_is_finished_without_labels_if_classification_fails() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    harness = new_harness(ScriptedClassifier(BrokenImage("cut short")), captions)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    assert (await classification_row(harness, image, ada)).state is State.FAILED
    assert (await caption_row(harness, image, ada)).state is State.DONE
    assert captions.calls == [()]


async def test_error_is_retried_with_backoff() -> None:
    away = Unavailable("the classifier is away")
    harness = new_harness(ScriptedClassifier(away, away, RETRIEVER))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    delays: list[timedelta] = []
    for attempts in (1, 2):
        await harness.run_due_jobs()
        row = await classification_row(harness, image, ada)
        assert (row.state, row.attempts, row.error) == (State.PENDING, attempts, "busy: the classifier is away")
        assert row.next_attempt_at is not None
        delays.append(row.next_attempt_at - harness.clock.now())
        assert await harness.container.image_analysis().sweep() == 0
        harness.clock.advance(delays[-1])
        assert await harness.container.image_analysis().sweep() == 1

    await harness.run_due_jobs()

    assert delays[1] == 2 * delays[0]
    done = await classification_row(harness, image, ada)
    assert (done.state, done.attempts, done.error) == (State.DONE, 3, None)


async def test_unreadable_image_fails_permanently() -> None:
    harness = new_harness(ScriptedClassifier(BrokenImage("cut short after 12 bytes")))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    row = await classification_row(harness, image, ada)
    assert (row.state, row.attempts, row.error) == (State.FAILED, 1, "broken_image: cut short after 12 bytes")


async def test_attempts_are_limited_until_operator_retries() -> None:
    classifier = ScriptedClassifier(RuntimeError("out of memory"))
    harness = new_harness(classifier)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    for _ in range(MAX_ATTEMPTS + 3):
        await harness.run_due_jobs()
        harness.clock.advance(timedelta(hours=1))
        await harness.container.image_analysis().sweep()

    row = await classification_row(harness, image, ada)
    assert row.state is State.FAILED
    assert "out of memory" not in (row.error or "")
    (stuck,) = await harness.container.image_analysis().find_stuck(10)
    assert stuck.error == "internal_error: RuntimeError: out of memory"
    assert classifier.seen == MAX_ATTEMPTS

    assert await harness.container.image_analysis().retry_failed() == 1
    await harness.run_due_jobs()
    assert classifier.seen == MAX_ATTEMPTS + 1


async def test_image_that_kills_workers_fails_permanently(clock: StoppedClock) -> None:
    class HangingClassifier(ScriptedClassifier):
        """Hangs for ever, as a worker that was killed never answers."""

        async def classify(self, data: bytes, top: int = 5) -> Prediction:
            self.seen += 1
            await asyncio.Event().wait()
            raise AssertionError("it never answers")

    classifier = HangingClassifier(RETRIEVER)
    harness = new_harness(classifier)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    attempt = harness.container.image_analysis().attempt

    for _ in range(MAX_ATTEMPTS + 2):
        dying = asyncio.create_task(attempt(Job(Task.CLASSIFICATION, image.id)))
        await asyncio.sleep(0.01)
        dying.cancel()
        harness.clock.advance(LEASE)

    row = await classification_row(harness, image, ada)
    assert (row.state, row.error) == (State.FAILED, "its worker died in every attempt")
    assert classifier.seen == MAX_ATTEMPTS


async def test_new_model_version_reclassifies_without_new_captions() -> None:
    classifier, captions = ScriptedClassifier(RETRIEVER), ScriptedCaptionWriter(needs_labels=True)
    harness = new_harness(classifier, captions)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    await harness.run_due_jobs()
    assert (await harness.container.image_analysis().sweep(), len(captions.calls)) == (0, 1)

    classifier.version = "v2"
    await harness.container.image_analysis().sweep()
    await harness.run_due_jobs()

    assert (await classification_row(harness, image, ada)).model == "scripted@v2"
    assert len(captions.calls) == 1


async def test_caption_from_labels_waits_for_labels() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    harness = new_harness(ScriptedClassifier(RETRIEVER), captions)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    assert (await caption_row(harness, image, ada)).state is State.PENDING

    await harness.run_due_jobs()

    assert captions.calls == [("golden retriever",)]
    assert (await caption_row(harness, image, ada)).state is State.DONE
    suggestion = (await harness.container.uploading().image(image.id, ada)).suggestion
    assert suggestion is not None
    assert (suggestion.text, suggestion.model, suggestion.prompt_version) == ("draft 1", "scripted-1", "test/1")


async def test_early_request_for_caption_waits_for_labels() -> None:
    captions = ScriptedCaptionWriter(needs_labels=True)
    harness = new_harness(ScriptedClassifier(RETRIEVER, version=None), captions)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.container.image_analysis().request_again(image.id, ada, Task.CAPTION)
    await harness.run_due_jobs()

    row = await caption_row(harness, image, ada)
    assert (row.state, row.attempts, row.next_attempt_at, captions.calls) == (State.PENDING, 0, None, [])


async def test_caption_uses_rendition_instead_of_original() -> None:
    class RecordingWriter(ScriptedCaptionWriter):
        """Keeps what it is shown: a captioning service might."""

        shown: bytes = b""

        async def write(self, data: bytes, labels: Sequence[Label]) -> CaptionDraft:
            self.shown = data
            return await super().write(data, labels)

    captions = RecordingWriter(needs_labels=False)
    container = memory_container(config={"processor": "vips"}, captions=captions)
    harness = ServiceHarness(container, StoppedClock())

    await container.uploading().upload(await harness.sign_up("ada"), a_jpeg_with_metadata(None))
    await harness.run_due_jobs()

    assert captions.shown.startswith(b"\xff\xd8\xff")
    assert b"Secret" not in captions.shown


async def test_caption_without_labels_does_not_wait() -> None:
    captions = ScriptedCaptionWriter(needs_labels=False)
    harness = new_harness(ScriptedClassifier(RETRIEVER, version=None), captions)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    assert (await caption_row(harness, image, ada)).state is State.DONE
    assert captions.calls == [()]


async def test_captions_are_skipped_without_writer() -> None:
    harness = new_harness(ScriptedClassifier(RETRIEVER), captions=None)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)

    await harness.run_due_jobs()

    row = await caption_row(harness, image, ada)
    assert row.state is State.SKIPPED
    assert row.error is not None
    assert row.error == "captions are switched off"


async def test_repeated_request_supersedes_running_attempt() -> None:
    class GatedClassifier(ScriptedClassifier):
        def __init__(self, *script: Sequence[Label]) -> None:
            super().__init__(*script)
            self.started, self.gate = asyncio.Event(), asyncio.Event()

        async def classify(self, data: bytes, top: int = 5) -> Prediction:
            answer = await super().classify(data, top)
            self.started.set()
            await self.gate.wait()
            return answer

    classifier = GatedClassifier([label("stale", 0.9)], [label("fresh", 0.9)])
    harness = new_harness(classifier)
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    attempt, job = harness.container.image_analysis().attempt, Job(Task.CLASSIFICATION, image.id)
    running = asyncio.create_task(attempt(job))
    await classifier.started.wait()

    harness.clock.advance(timedelta(seconds=1))
    await harness.container.image_analysis().request_again(image.id, ada, Task.CLASSIFICATION)
    classifier.gate.set()
    await running
    assert (await harness.container.uploading().image(image.id, ada)).labels == ()
    await attempt(job)

    assert [found.name for found in (await harness.container.uploading().image(image.id, ada)).labels] == ["fresh"]


async def test_job_of_deleted_image_is_ignored() -> None:
    harness = new_harness(ScriptedClassifier(RETRIEVER))
    ada = await harness.sign_up("ada")
    image = await harness.upload(ada)
    await harness.container.uploading().delete(image.id, ada)

    await harness.run_due_jobs()

    assert [count.count for count in await harness.container.image_analysis().task_counts()] == []


async def test_only_owner_can_repeat_analysis() -> None:
    harness = new_harness(ScriptedClassifier(RETRIEVER))
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    hidden, view = await harness.upload(ada), await harness.publish(ada, seed=1)

    with pytest.raises(NotFound):
        await harness.container.image_analysis().request_again(hidden.id, bob, Task.CAPTION)
    with pytest.raises(Forbidden):
        await harness.container.image_analysis().request_again(view.images[0].id, bob, Task.CAPTION)


async def test_task_counts_by_state() -> None:
    harness = new_harness(ScriptedClassifier(BrokenImage("no")), ScriptedCaptionWriter(needs_labels=True))
    ada = await harness.sign_up("ada")
    for seed in range(3):
        await harness.upload(ada, seed)
    await harness.run_due_jobs()

    counts = {(count.task, count.state): count for count in await harness.container.image_analysis().task_counts()}

    failed = counts[Task.CLASSIFICATION, State.FAILED]
    assert (failed.count, failed.example_error) == (3, "broken_image: no")
