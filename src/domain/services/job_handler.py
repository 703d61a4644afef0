"""Passes each job of the queue to the service that handles it."""

from domain.jobs import BlocklistJob, DetectionJob, EmailJob, QueuedJob, ScreeningJob
from domain.services.image_analysis import ImageAnalysis
from domain.services.image_screening import ImageScreening
from domain.services.mailing import Mailing
from domain.services.sensitivity_scoring import SensitivityScoring


class JobHandler:
    def __init__(
        self,
        image_analysis: ImageAnalysis,
        mailing: Mailing,
        image_screening: ImageScreening,
        sensitivity_scoring: SensitivityScoring,
    ) -> None:
        self._image_analysis = image_analysis
        self._mailing = mailing
        self._image_screening = image_screening
        self._sensitivity_scoring = sensitivity_scoring

    async def handle(self, job: QueuedJob) -> None:
        """Make one attempt at the job; safe to repeat."""
        match job:
            case EmailJob():
                await self._mailing.attempt(job)
            case ScreeningJob():
                await self._image_screening.attempt(job)
            case BlocklistJob():
                await self._image_screening.apply_blocklist()
            case DetectionJob():
                await self._sensitivity_scoring.attempt(job)
            case _:
                await self._image_analysis.attempt(job)
