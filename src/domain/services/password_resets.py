"""Password resets by a link in an e-mail."""

import logging
from dataclasses import replace

from domain.clock import Clock
from domain.email_links import EmailLink, LinkNotFound, LinkPurpose, require_link
from domain.emails import EmailKind
from domain.ids import Ids, UserId
from domain.passwords import NewPassword, PasswordHasher
from domain.services.queue_email import queue_notice, queue_reset
from domain.tokens import token_hash
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import EmailStatus, UserNotFound, validate_email

PURPOSES = frozenset({LinkPurpose.PASSWORD_RESET})

logger = logging.getLogger("tintype.security")


class PasswordResets:
    def __init__(self, begin: UnitOfWorkFactory, passwords: PasswordHasher, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._passwords = passwords
        self._clock = clock
        self._ids = ids

    async def request(self, email: str) -> None:
        """Send a link to the account that holds this address. Only the worker looks for the account, so the effort here
        does not reveal whether there is one. Raises `Invalid`."""
        address = validate_email(email)
        async with self._begin() as uow:
            await queue_reset(uow, self._ids, self._clock.now(), address)
            await uow.commit()

    async def check(self, secret: str, caller: UserId | None) -> None:
        """Raises `LinkNotFound` unless the link is valid."""
        async with self._begin() as uow:
            await self._require_link(uow, secret, caller)

    async def reset(self, secret: str, password: str, caller: UserId | None) -> None:
        """Set the password of the link's account. The link proves the address. All sessions end, and all other links
        become invalid. Raises `Invalid`, `LinkNotFound`."""
        chosen = NewPassword(password)
        await self.check(secret, caller)  # before the hash, which is expensive
        password_hash = await self._passwords.hash(chosen.value)
        async with self._begin() as uow:
            link = await self._require_link(uow, secret, caller)
            user = await uow.users.get(link.user_id)
            if user is None:
                raise UserNotFound
            if user.email != link.address:
                raise LinkNotFound(link.purpose)
            NewPassword(password, names=user.names)
            await uow.users.save(replace(user, password_hash=password_hash))
            await uow.users.set_email(user.id, user.email, EmailStatus.VERIFIED)
            await uow.tokens.delete_others(user.id, keep=None)
            await uow.email_links.delete_all(user.id)
            await queue_notice(uow, self._ids, self._clock.now(), EmailKind.PASSWORD_CHANGED, user)
            await uow.commit()
        logger.info("password reset", extra={"user": str(user.id)})

    async def _require_link(self, uow: UnitOfWork, secret: str, caller: UserId | None) -> EmailLink:
        return require_link(await uow.email_links.get(token_hash(secret)), PURPOSES, caller, self._clock.now())
