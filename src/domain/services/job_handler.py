"""Passes each job of the queue to the service that handles it."""

from collections.abc import Sequence

from domain.jobs import BlocklistJob, EmailJob, Job, QueuedJob, ScreeningJob
from domain.services.image_analysis import ImageAnalysis
from domain.services.image_screening import ImageScreening
from domain.services.mailing import Mailing


class JobHandler:
    def __init__(self, image_analysis: ImageAnalysis, mailing: Mailing, image_screening: ImageScreening) -> None:
        self._image_analysis = image_analysis
        self._mailing = mailing
        self._image_screening = image_screening

    async def handle(self, jobs: Sequence[QueuedJob]) -> None:
        """Make one attempt at each job; safe to repeat."""
        for job in jobs:
            match job:
                case EmailJob():
                    await self._mailing.attempt(job)
                case ScreeningJob():
                    await self._image_screening.attempt(job)
                case BlocklistJob():
                    await self._image_screening.apply_blocklist()
        if analysis := [job for job in jobs if isinstance(job, Job)]:
            await self._image_analysis.attempt(*analysis)
