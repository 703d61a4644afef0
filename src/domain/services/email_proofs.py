"""Proofs that an e-mail address belongs to its user, and changes of the address."""

import logging
from dataclasses import replace

from domain.clock import Clock
from domain.email_changes import EmailChange, request_change
from domain.email_links import EmailLink, LinkNotFound, LinkPurpose, require_link
from domain.emails import EmailKind
from domain.ids import Ids, UserId
from domain.services.queue_email import queue_email, queue_notice
from domain.tokens import token_hash
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import EmailStatus, User, UserNotFound, validate_email

PURPOSES = frozenset({LinkPurpose.PROOF, LinkPurpose.APPROVAL})

logger = logging.getLogger("tintype.security")


class EmailProofs:
    def __init__(self, begin: UnitOfWorkFactory, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._clock = clock
        self._ids = ids

    async def request(self, user_id: UserId) -> None:
        """Send another link to the user's address. Has no effect for a verified one."""
        async with self._begin() as uow:
            user = await _require_user(uow, user_id)
            if user.email_verified:
                return
            await queue_email(uow, self._ids, self._clock.now(), EmailKind.PROOF, user)
            await uow.commit()

    async def request_change(self, user_id: UserId, email: str) -> None:
        """Send links to the new address and, if it is verified, to the old one. The change takes effect when both were
        used. It replaces an earlier request. The caller confirms the password. Raises `Invalid`."""
        address, now = validate_email(email), self._clock.now()
        async with self._begin() as uow:
            user = await _require_user(uow, user_id)
            if address == user.email:
                await uow.email_changes.delete(user_id)
            else:
                change = request_change(user, address, now)
                await uow.email_changes.save(change)
                if not change.approved:
                    await queue_email(uow, self._ids, now, EmailKind.APPROVAL, user, address)
            if address != user.email or not user.email_verified:
                await queue_email(uow, self._ids, now, EmailKind.PROOF, user, recipient=address)
            await uow.commit()
        logger.info("change of the e-mail address requested", extra={"user": str(user_id)})

    async def pending_change(self, user_id: UserId) -> EmailChange | None:
        """Return the change that waits for confirmation."""
        async with self._begin() as uow:
            change = await uow.email_changes.get(user_id)
        return change if change and change.is_valid(self._clock.now()) else None

    async def check(self, secret: str, caller: UserId | None) -> EmailLink:
        """Return a valid link. Raises `LinkNotFound`."""
        async with self._begin() as uow:
            return await self._require_link(uow, secret, caller)

    async def confirm(self, secret: str, caller: UserId | None) -> None:
        """Use a link: it proves an address, or approves a change. Raises `LinkNotFound`, and `EmailTaken` when another
        account has got the address meanwhile; nothing changes then."""
        async with self._begin() as uow:
            link = await self._require_link(uow, secret, caller)
            user = await _require_user(uow, link.user_id)
            await uow.email_links.delete(user.id, link.purpose, link.address)
            if link.purpose is LinkPurpose.PROOF and link.address == user.email:
                await uow.users.set_email(user.id, user.email, EmailStatus.VERIFIED)
            else:
                await self._confirm_change(uow, user, link)
            await uow.commit()
        logger.info("e-mail address confirmed", extra={"user": str(user.id)})

    async def _confirm_change(self, uow: UnitOfWork, user: User, link: EmailLink) -> None:
        change = await uow.email_changes.get(user.id)
        if change is None or change.email != link.address or not change.is_valid(self._clock.now()):
            raise LinkNotFound(link.purpose)
        is_proof = link.purpose is LinkPurpose.PROOF
        change = replace(change, proved=change.proved or is_proof, approved=change.approved or not is_proof)
        if not change.is_complete:
            await uow.email_changes.save(change)
            return
        await uow.users.set_email(user.id, change.email, EmailStatus.VERIFIED)
        await uow.email_changes.delete(user.id)
        await uow.email_links.delete_all(user.id)
        await queue_notice(uow, self._ids, self._clock.now(), EmailKind.ADDRESS_CHANGED, user, change.email)

    async def _require_link(self, uow: UnitOfWork, secret: str, caller: UserId | None) -> EmailLink:
        return require_link(await uow.email_links.get(token_hash(secret)), PURPOSES, caller, self._clock.now())


async def _require_user(uow: UnitOfWork, user_id: UserId) -> User:
    user = await uow.users.get(user_id)
    if user is None:
        raise UserNotFound
    return user
