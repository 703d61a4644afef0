"""Passes each job of the queue to the service that handles it."""

from collections.abc import Sequence
from contextlib import ExitStack

from domain.jobs import BlocklistJob, DetectionJob, EmailJob, Job, QueuedJob, ScreeningJob, kind_of
from domain.services.image_analysis import ImageAnalysis
from domain.services.image_screening import ImageScreening
from domain.services.mailing import Mailing
from domain.services.sensitivity_scoring import SensitivityScoring
from domain.tracing import SpanKind, Tracing


class JobHandler:
    def __init__(
        self,
        image_analysis: ImageAnalysis,
        mailing: Mailing,
        image_screening: ImageScreening,
        sensitivity_scoring: SensitivityScoring,
        tracing: Tracing | None,
    ) -> None:
        self._image_analysis = image_analysis
        self._mailing = mailing
        self._image_screening = image_screening
        self._sensitivity_scoring = sensitivity_scoring
        self._tracing = tracing

    async def handle(self, jobs: Sequence[QueuedJob]) -> None:
        """Make one attempt at each job, as part of the trace of the request that made it; safe to repeat. What several
        jobs of a batch share belongs to the trace of the last one."""
        with ExitStack() as spans:
            if self._tracing:
                for job in jobs:
                    spans.enter_context(self._tracing.span(f"job {kind_of(job)}", SpanKind.CONSUMER, parent=job.trace))
            await self._attempt(jobs)

    async def _attempt(self, jobs: Sequence[QueuedJob]) -> None:
        for job in jobs:
            match job:
                case EmailJob():
                    await self._mailing.attempt(job)
                case ScreeningJob():
                    await self._image_screening.attempt(job)
                case BlocklistJob():
                    await self._image_screening.apply_blocklist()
                case DetectionJob():
                    await self._sensitivity_scoring.attempt(job)
        if analysis := [job for job in jobs if isinstance(job, Job)]:
            await self._image_analysis.attempt(*analysis)
