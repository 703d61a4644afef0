"""Sensitivity scoring: the detector rates new images in the worker. Nothing waits for it."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from domain.blobs import BlobStore
from domain.clock import Clock
from domain.errors import DomainError, Invalid, Unavailable, Unsupported
from domain.ids import ImageId
from domain.images import Image, Size
from domain.jobs import DetectionJob
from domain.sensitive_media import DetectorMissing, SensitiveMediaDetector, SensitivityScore
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory

SWEEP_BATCH = 500
QUARANTINE_DELAY = timedelta(minutes=5)
"""How long a quarantined image waits before it is checked again."""
MISSING_PAUSE = timedelta(minutes=5)
"""How long no image is tried after the detector was missing."""

logger = logging.getLogger("tintype.sensitive_media")


class SensitivityScoring:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        blobs: BlobStore,
        detector: SensitiveMediaDetector | None,
        threshold: float,
        clock: Clock,
        jitter: Callable[[], float],
    ) -> None:
        self._begin = begin
        self._blobs = blobs
        self._detector = detector
        self._threshold = threshold
        self._clock = clock
        self._jitter = jitter
        self._paused_until: datetime | None = None

    async def schedule(self, uow: UnitOfWork, image: Image) -> None:
        """Schedule the detector for a new image, if there is one."""
        if self._detector is None:
            return
        await uow.sensitivity_scores.add(SensitivityScore(image.id, image.created_at))
        if not image.quarantined:
            await uow.jobs.enqueue(DetectionJob(image.id))

    async def attempt(self, job: DetectionJob) -> None:
        """Rate an image if that is due; safe to repeat. An error only delays the score."""
        if self._is_paused():
            return
        started = await self._start_attempt(job.image_id)
        if started is None:
            return
        image, score = started
        try:
            outcome = await self._rate(image, score)
        except Exception as error:  # noqa: BLE001 — the image has no score yet; nothing else depends on it
            outcome = self._score_after_error(error, score)
        await self._close(score, outcome)

    def _is_paused(self) -> bool:
        return self._paused_until is not None and self._clock.now() < self._paused_until

    async def _start_attempt(self, image_id: ImageId) -> tuple[Image, SensitivityScore] | None:
        now = self._clock.now()
        async with self._begin() as uow:
            image, score = await uow.images.get(image_id), await uow.sensitivity_scores.get(image_id)
            if image is None or score is None or not score.is_due(now):
                return None
            if image.quarantined:
                started = score.postpone(now + QUARANTINE_DELAY)
            else:
                started = score.end() if score.is_exhausted() else score.start(now)
            await uow.sensitivity_scores.save(started)
            await uow.commit()
        return (image, started) if started.attempts > score.attempts else None

    async def _rate(self, image: Image, score: SensitivityScore) -> SensitivityScore:
        """Rate the medium rendition. Nothing is rated after the operator switched the detector off."""
        if self._detector is None:
            return score.end()
        detection = await self._detector.detect(await self._blobs.get(image.renditions[Size.MEDIUM].key))
        return score.set_score(detection, self._threshold, self._clock.now())

    def _score_after_error(self, error: Exception, score: SensitivityScore) -> SensitivityScore:
        now = self._clock.now()
        if isinstance(error, DetectorMissing):
            logger.warning("%s; images wait, and are tried again in %s", error.operator_message, MISSING_PAUSE)
            self._paused_until = now + MISSING_PAUSE
            return score.undo_start(self._paused_until)
        if isinstance(error, Invalid | Unsupported):  # the image is at fault: another attempt cannot help
            return score.end()
        if isinstance(error, DomainError):
            logger.warning("image %s has no sensitivity score yet: %s", score.image_id, error.operator_message)
        else:
            logger.error("the detector failed for image %s", score.image_id, exc_info=error)
        delay = timedelta(seconds=error.retry_after) if isinstance(error, Unavailable) else timedelta(0)
        return score.retry_later(now, self._jitter(), delay)

    async def _close(self, started: SensitivityScore, outcome: SensitivityScore) -> None:
        """Store the outcome, unless another worker took over or the image is gone."""
        async with self._begin() as uow:
            if await uow.sensitivity_scores.get(started.image_id) == started:
                await uow.sensitivity_scores.save(outcome)
                await uow.commit()

    async def sweep(self) -> int:
        """Wake workers for every image that the detector has to rate. Return their number."""
        if self._is_paused():
            return 0
        async with self._begin() as uow:
            due = await uow.sensitivity_scores.find_due(self._clock.now(), SWEEP_BATCH)
            await uow.jobs.enqueue(*map(DetectionJob, due))
            await uow.commit()
        return len(due)
