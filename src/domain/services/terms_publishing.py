"""Publishing terms: admins and operators write versions, everybody reads them."""

import logging
from dataclasses import replace

from domain.clock import Clock
from domain.terms import NewTerms, Terms, TermsNotAccepted, TermsNotFound, TermsReader, must_accept
from domain.unit_of_work import UnitOfWorkFactory
from domain.users import User

logger = logging.getLogger("tintype.security")


class TermsPublishing:
    def __init__(self, begin: UnitOfWorkFactory, terms_reader: TermsReader, clock: Clock) -> None:
        self._begin = begin
        self._terms_reader = terms_reader
        self._clock = clock

    async def publish(self, new: NewTerms) -> Terms:
        """Store the next version. Users are asked to accept it at their next sign-in."""
        async with self._begin() as uow:
            terms = await uow.terms.add(new.text, self._clock.now())
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

    async def accept(self, known: User, version: int | None) -> None:
        """Store that a user accepts the current terms. Raises `TermsNotAccepted` if the user neither accepts them now
        nor accepted them before."""
        terms = await self._terms_reader.current()
        if terms is None or not must_accept(terms.version, known.accepted_terms):
            return
        if must_accept(terms.version, version):
            raise TermsNotAccepted(terms.version)
        async with self._begin() as uow:
            user = await uow.users.get(known.id)
            if user is not None:
                await uow.users.save(replace(user, accepted_terms=version))
                await uow.commit()
