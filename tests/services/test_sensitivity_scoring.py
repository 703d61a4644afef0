"""Scoring of sensitive media by the worker, including all failures. Nothing else depends on it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from adapters.memory.sensitive_media_detector import MODEL, MemorySensitiveMediaDetector
from domain.captions import Source
from domain.errors import Unavailable
from domain.images import BrokenImage, Image
from domain.jobs import DetectionJob, Job, QueuedJob, is_batched
from domain.sensitive_media import DetectorMissing, OwnScore
from domain.understanding import LEASE, MAX_ATTEMPTS, State
from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, StoppedClock, label
from tests.services.conftest import ServiceHarness

RETRIEVER = [label("golden retriever", 0.8)]
DAY = timedelta(days=1)


@pytest.fixture
def detector() -> MemorySensitiveMediaDetector:
    return MemorySensitiveMediaDetector(0.9)


@pytest.fixture
def harness(detector: MemorySensitiveMediaDetector) -> ServiceHarness:
    return new_harness(detector)


def new_harness(detector: object, **replaced: Any) -> ServiceHarness:
    clock = StoppedClock()
    return ServiceHarness(memory_container(clock=clock, sensitive_media_detector=detector, **replaced), clock)


async def read_score(harness: ServiceHarness, image: Image) -> OwnScore | None:
    return await harness.container.sensitivity_feedback().own_score(image.id, image.owner_id)


async def sweep(harness: ServiceHarness) -> int:
    """Find due images, run their jobs like a worker, and return the number of images."""
    count = await harness.container.sensitivity_scoring().sweep()
    await harness.run_due_jobs()
    return count


async def upload(harness: ServiceHarness) -> Image:
    return await harness.upload(await harness.sign_up("ada"))


async def test_score_is_computed_after_other_analysis(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    images = [await harness.upload(ada, seed) for seed in range(3)]
    order: list[QueuedJob] = []

    async def handle(jobs: Sequence[QueuedJob]) -> None:
        order.extend(job for job in jobs if not is_batched(job))
        await harness.container.job_handler().handle(jobs)

    await harness.container.storage().queue.drain(handle)

    assert [type(job) for job in order] == [Job] * 3 + [DetectionJob] * 3
    for image in images:
        own = await read_score(harness, image)
        assert own is not None
        assert (own.score.score, own.score.model, own.score.scored_at) == (0.9, MODEL, harness.clock.now())
        assert own.is_question


@pytest.mark.parametrize(("score", "is_question"), [(0.0, False), (0.329, False), (0.33, True), (1.0, True)])
async def test_owner_is_asked_from_threshold(
    harness: ServiceHarness, detector: MemorySensitiveMediaDetector, score: float, is_question: bool
) -> None:
    detector.score = score
    image = await upload(harness)

    await harness.run_due_jobs()

    own = await read_score(harness, image)
    assert own is not None
    assert own.is_question is is_question


async def test_without_detector_nothing_is_stored() -> None:
    harness = new_harness(None)
    image = await upload(harness)

    await harness.run_due_jobs()

    assert await read_score(harness, image) is None
    assert await sweep(harness) == 0


@pytest.mark.parametrize("error", [Unavailable("the queue is full"), BrokenImage("damaged"), LookupError("a bug")])
async def test_error_affects_no_other_analysis(
    harness: ServiceHarness, detector: MemorySensitiveMediaDetector, error: Exception
) -> None:
    detector.error = error
    image = await upload(harness)

    await harness.run_due_jobs()

    seen = await harness.container.uploading().image(image.id, image.owner_id)
    assert [row.state for row in seen.understanding.values()] == [State.DONE] * 2
    assert seen.labels
    assert seen.suggestion is not None
    assert seen.suggestion.source is Source.MODEL
    own = await read_score(harness, image)
    assert own is not None
    assert (own.score.score, own.is_question) == (None, False)


async def test_failing_classifier_does_not_stop_detector(detector: MemorySensitiveMediaDetector) -> None:
    harness = new_harness(detector, classifier=ScriptedClassifier(RETRIEVER, version=None))
    image = await upload(harness)

    await harness.run_due_jobs()

    own = await read_score(harness, image)
    assert own is not None
    assert own.score.score == 0.9


async def test_unavailable_detector_is_tried_again(
    harness: ServiceHarness, detector: MemorySensitiveMediaDetector
) -> None:
    detector.error = Unavailable("busy", retry_after=30)
    image = await upload(harness)
    await harness.run_due_jobs()
    assert await sweep(harness) == 0

    detector.error = None
    harness.clock.advance(timedelta(seconds=29))
    assert await sweep(harness) == 0
    harness.clock.advance(timedelta(seconds=1))
    assert await sweep(harness) == 1

    own = await read_score(harness, image)
    assert own is not None
    assert (own.score.score, own.score.attempts) == (0.9, 2)


async def test_attempts_end_without_score(harness: ServiceHarness, detector: MemorySensitiveMediaDetector) -> None:
    detector.error = Unavailable("broken")
    image = await upload(harness)
    await harness.run_due_jobs()

    for _ in range(MAX_ATTEMPTS - 1):
        harness.clock.advance(DAY)
        assert await sweep(harness) == 1
    harness.clock.advance(DAY)

    assert await sweep(harness) == 0
    own = await read_score(harness, image)
    assert own is not None
    assert (own.score.is_pending, own.score.score, own.score.attempts) == (False, None, MAX_ATTEMPTS)


async def test_broken_image_is_not_tried_again(harness: ServiceHarness, detector: MemorySensitiveMediaDetector) -> None:
    detector.error = BrokenImage("damaged")
    image = await upload(harness)
    await harness.run_due_jobs()

    harness.clock.advance(DAY)

    assert await sweep(harness) == 0
    own = await read_score(harness, image)
    assert own is not None
    assert not own.score.is_pending


async def test_images_wait_for_missing_package(
    harness: ServiceHarness, detector: MemorySensitiveMediaDetector, caplog: pytest.LogCaptureFixture
) -> None:
    detector.error = DetectorMissing("the package is not installed")
    ada = await harness.sign_up("ada")
    images = [await harness.upload(ada, seed) for seed in range(3)]
    await harness.run_due_jobs()
    assert await sweep(harness) == 0
    assert caplog.text.count("the package is not installed") == 1

    for _ in range(2 * MAX_ATTEMPTS):
        harness.clock.advance(DAY)
        await sweep(harness)
    detector.error = None
    harness.clock.advance(DAY)
    await sweep(harness)

    scores = [await read_score(harness, image) for image in images]
    assert [own and own.score.score for own in scores] == [0.9] * 3


async def test_detector_that_kills_its_worker_is_given_up(harness: ServiceHarness) -> None:
    image = await upload(harness)
    for _ in range(MAX_ATTEMPTS):
        async with harness.container.storage().begin() as uow:
            score = await uow.sensitivity_scores.get(image.id)
            assert score is not None
            await uow.sensitivity_scores.save(score.start(harness.clock.now()))
            await uow.commit()
        harness.clock.advance(LEASE)

    await sweep(harness)

    own = await read_score(harness, image)
    assert own is not None
    assert (own.score.is_pending, own.score.score) == (False, None)


async def test_running_attempt_is_not_repeated(harness: ServiceHarness) -> None:
    image = await upload(harness)
    async with harness.container.storage().begin() as uow:
        score = await uow.sensitivity_scores.get(image.id)
        assert score is not None
        await uow.sensitivity_scores.save(score.start(harness.clock.now()))
        await uow.commit()

    await harness.run_due_jobs()

    own = await read_score(harness, image)
    assert own is not None
    assert own.score.score is None


async def test_switched_off_detector_ends_waiting_scores(detector: MemorySensitiveMediaDetector) -> None:
    harness = new_harness(detector)
    image = await upload(harness)
    harness.container.sensitivity_scoring.reset()
    harness.container.job_handler.reset()
    with harness.container.sensitive_media_detector.override(None):
        await harness.run_due_jobs()

    own = await read_score(harness, image)
    assert own is not None
    assert (own.score.is_pending, own.score.score) == (False, None)


async def test_deleted_image_is_left_out(harness: ServiceHarness) -> None:
    image = await upload(harness)
    await harness.container.uploading().delete(image.id, image.owner_id)

    await harness.run_due_jobs()

    assert await sweep(harness) == 0
