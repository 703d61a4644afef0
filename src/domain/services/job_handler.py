"""Passes each job of the queue to the service that handles it."""

from domain.jobs import EmailJob, QueuedJob
from domain.services.image_analysis import ImageAnalysis
from domain.services.mailing import Mailing


class JobHandler:
    def __init__(self, image_analysis: ImageAnalysis, mailing: Mailing) -> None:
        self._image_analysis = image_analysis
        self._mailing = mailing

    async def handle(self, job: QueuedJob) -> None:
        """Make one attempt at the job; safe to repeat."""
        if isinstance(job, EmailJob):
            await self._mailing.attempt(job)
        else:
            await self._image_analysis.attempt(job)
