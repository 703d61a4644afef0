"""Publishing terms: admins and operators write versions, everybody reads them."""

import logging
from dataclasses import replace

from domain.audit_log import Action, entry_about_service
from domain.clock import Clock
from domain.ids import Ids, LogEntryId
from domain.roles import Moderator
from domain.terms import NewTerms, Terms, TermsNotAccepted, TermsNotFound, TermsReader, must_accept
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import User

logger = logging.getLogger("tintype.security")


class TermsPublishing:
    def __init__(self, begin: UnitOfWorkFactory, terms_reader: TermsReader, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._terms_reader = terms_reader
        self._clock = clock
        self._ids = ids

    async def publish(self, new: NewTerms, admin: Moderator | None = None) -> Terms:
        """Store the next version, without an admin as an operator. Users are asked to accept it at their next
        sign-in."""
        entry_id, now, action = LogEntryId(self._ids.new()), self._clock.now(), Action.TERMS_PUBLICATION
        async with self._begin() as uow:
            terms = await uow.terms.add(new.text, now)
            await uow.audit_log.add(entry_about_service(entry_id, now, action, admin, {"version": str(terms.version)}))
            await uow.commit()
        logger.info("terms published, version %d", terms.version)
        return terms

    async def current(self) -> Terms | None:
        """Return the newest version; None if there are no terms."""
        return await self._terms_reader.current()

    async def read(self, version: int | None = None) -> Terms:
        """Return that version, by default the newest. Raises `TermsNotFound`."""
        reader = self._terms_reader
        terms = await (reader.current() if version is None else reader.by_version(version))
        if terms is None:
            raise TermsNotFound
        return terms

    async def check(self, user: User, version: int | None) -> bool:
        """Return whether the user accepts the current terms now; False if they did so before, or if there are none.
        Raises `TermsNotAccepted` if they do neither."""
        terms = await self._terms_reader.current()
        if terms is None or not must_accept(terms.version, user.accepted_terms):
            return False
        if must_accept(terms.version, version):
            raise TermsNotAccepted(terms.version)
        return True

    async def accept(self, uow: UnitOfWork, user: User, version: int | None) -> None:
        """Store in the unit of work that the user accepts the current terms. Raises as `check` does."""
        if await self.check(user, version):
            await uow.users.save(replace(user, accepted_terms=version))
