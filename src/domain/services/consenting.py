"""The users' answers about captions by an external service."""

import logging

from domain.clock import Clock
from domain.consent import CaptionChoice, CaptionWriters, Consent
from domain.ids import UserId
from domain.unit_of_work import UnitOfWorkFactory

logger = logging.getLogger("tintype.security")


class Consenting:
    def __init__(self, begin: UnitOfWorkFactory, writers: CaptionWriters, clock: Clock) -> None:
        self._begin = begin
        self.writers = writers
        self._clock = clock

    async def get(self, user_id: UserId) -> Consent:
        """Return the user's answer."""
        async with self._begin() as uow:
            return await uow.consents.get(user_id)

    async def decide(self, user_id: UserId, captions: CaptionChoice, *, followers_only: bool) -> Consent:
        """Store the answer. It applies to new images and to old ones: captions that were skipped are requested again,
        and a service also describes images whose offline draft has no answer yet. Raises `Invalid` for a choice that
        the operator does not offer, and `UserNotFound`."""
        self.writers.require_offered(captions)
        now = self._clock.now()
        consent = Consent(captions, followers_only and captions is CaptionChoice.SERVICE, now)
        async with self._begin() as uow:
            await uow.consents.save(user_id, consent)
            if captions is not CaptionChoice.NONE:
                replace = captions is CaptionChoice.SERVICE
                await uow.understandings.request_captions(user_id, now, replace_offline=replace)
            await uow.commit()
        logger.info("captions: %s", captions, extra={"user": str(user_id)})
        return consent
