"""Sending of queued e-mails by workers."""

import logging
from collections.abc import Callable, Sequence

from domain.clock import Clock
from domain.email_links import LIFETIMES, EmailLink, LinkPurpose
from domain.emails import RETENTION, Email, EmailCount, EmailKind
from domain.errors import DomainError, Invalid, NotFound
from domain.ids import EmailId, Ids, UserId
from domain.jobs import EmailJob
from domain.mailer import Mailer, Message
from domain.profiles import UserReader
from domain.tokens import token_hash
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import User

SWEEP_BATCH = 500
WORKER_DIED = "its worker died in every attempt"
PATHS = {
    LinkPurpose.PASSWORD_RESET: "password-resets",
    LinkPurpose.PROOF: "email-proofs",
    LinkPurpose.APPROVAL: "email-proofs",
}
"""The pages of the links, below the public address."""

logger = logging.getLogger("tintype.mail")


class Mailing:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        user_reader: UserReader,
        mailer: Mailer,
        clock: Clock,
        ids: Ids,
        jitter: Callable[[], float],
        link_base: str,
    ) -> None:
        self._begin = begin
        self._user_reader = user_reader
        self._mailer = mailer
        self._clock = clock
        self._ids = ids
        self._jitter = jitter
        self._link_base = link_base

    async def attempt(self, job: EmailJob) -> None:
        """Make one attempt to send an e-mail if it is due; safe to repeat. The row holds the outcome. A pointless
        e-mail, such as a reset for an unknown address, is deleted."""
        begun = await self._start_attempt(job.email_id)
        if begun is None:
            return
        email, message = begun
        try:
            await self._mailer.send(message)
            outcome = email.mark_sent()
        except Exception as error:  # noqa: BLE001 — recorded in the row, and logged
            outcome = self._outcome_of_error(error, email)
        async with self._begin() as uow:
            if await uow.emails.get(email.id) == email:
                await uow.emails.save(outcome)
                await uow.commit()

    def _outcome_of_error(self, error: Exception, email: Email) -> Email:
        if not isinstance(error, DomainError):
            logger.error("e-mail %s failed", email.id, exc_info=error)
            return email.retry_later(
                f"internal_error: {type(error).__name__}: {error}", self._clock.now(), self._jitter()
            )
        text = f"{error.code}: {error.operator_message}"
        logger.warning("attempt %d to send e-mail %s failed: %s", email.attempts, email.id, text)
        return (
            email.mark_failed(text)
            if isinstance(error, Invalid)
            else email.retry_later(text, self._clock.now(), self._jitter())
        )

    async def _start_attempt(self, email_id: EmailId) -> tuple[Email, Message] | None:
        """Count the attempt, and store its link, before the message is sent."""
        now = self._clock.now()
        async with self._begin() as uow:
            email = await uow.emails.get(email_id)
            if email is None or not email.is_due(now):
                return None
            if email.is_exhausted():
                await uow.emails.save(email.mark_failed(email.error or WORKER_DIED))
                await uow.commit()
                return None
            message = await self._compose(uow, email)
            if message is None:
                await uow.emails.delete(email_id)
                await uow.commit()
                return None
            started = email.start(now)
            await uow.emails.save(started)
            await uow.commit()
        return started, message

    async def _compose(self, uow: UnitOfWork, email: Email) -> Message | None:
        """Return the message with a new link; None if there is nothing to say any more."""
        if email.kind is EmailKind.PASSWORD_RESET:
            holder = await self._user_reader.by_login(email.recipient)
            return await self._with_link(uow, email, holder, LinkPurpose.PASSWORD_RESET) if holder else None
        user = await uow.users.get(email.user_id) if email.user_id else None
        if user is None:
            return None
        if email.kind is EmailKind.PROOF:
            return await self._compose_proof(uow, email, user)
        if email.kind is EmailKind.APPROVAL:
            is_current = await self._is_change_target(uow, user.id, email.detail)
            return await self._with_link(uow, email, user, LinkPurpose.APPROVAL) if is_current else None
        return _message(email, email.kind, user)

    async def _compose_proof(self, uow: UnitOfWork, email: Email, user: User) -> Message | None:
        is_own = email.recipient == user.email and not user.email_verified
        if not is_own and not await self._is_change_target(uow, user.id, email.recipient):
            return None
        holder = await self._user_reader.by_login(email.recipient)
        if holder is not None and holder.id != user.id:
            return _message(email, EmailKind.ADDRESS_IN_USE, holder)
        return await self._with_link(uow, email, user, LinkPurpose.PROOF)

    async def _is_change_target(self, uow: UnitOfWork, user_id: UserId, address: str) -> bool:
        change = await uow.email_changes.get(user_id)
        return change is not None and change.email == address and change.is_valid(self._clock.now())

    async def _with_link(self, uow: UnitOfWork, email: Email, user: User, purpose: LinkPurpose) -> Message:
        secret = self._ids.secret()
        address = email.detail if purpose is LinkPurpose.APPROVAL else email.recipient
        expires_at = self._clock.now() + LIFETIMES[purpose]
        await uow.email_links.add(EmailLink(token_hash(secret), user.id, purpose, address, expires_at))
        return _message(email, email.kind, user, f"{self._link_base}/{PATHS[purpose]}/{secret}")

    async def sweep(self) -> int:
        """Wake workers for every due e-mail and return their number. This includes those whose worker died."""
        async with self._begin() as uow:
            due = await uow.emails.find_due(self._clock.now(), SWEEP_BATCH)
            await uow.jobs.enqueue(*(EmailJob(email.id) for email in due))
            await uow.commit()
        return len(due)

    async def counts(self) -> Sequence[EmailCount]:
        """Return the number of e-mails in each state."""
        async with self._begin() as uow:
            return await uow.emails.counts()

    async def recent(self, limit: int) -> Sequence[Email]:
        """Return the newest e-mails."""
        async with self._begin() as uow:
            return await uow.emails.recent(limit)

    async def issue_link(self, email_id: EmailId) -> Message:
        """Return the message of an e-mail with a new link, for the operator of a service that delivers no mail. Raises
        `NotFound`, also when the link that was sent has expired."""
        async with self._begin() as uow:
            email = await uow.emails.get(email_id)
            message = await self._compose(uow, email) if email and self._has_valid_link(email) else None
            if message is None or message.link is None:
                raise NotFound("this e-mail has no link, or its link was used or has expired; request a new e-mail")
            await uow.commit()
        logger.warning("the operator read the link of e-mail %s", email_id)
        return message

    def _has_valid_link(self, email: Email) -> bool:
        purpose = next((purpose for purpose in LinkPurpose if purpose.value == email.kind.value), None)
        return purpose is not None and self._clock.now() < email.created_at + LIFETIMES[purpose]

    async def retry_failed(self) -> int:
        """Request again all e-mails that failed permanently. Return their number."""
        async with self._begin() as uow:
            count = await uow.emails.retry_failed(self._clock.now())
            await uow.commit()
        await self.sweep()
        return count

    async def delete_expired(self) -> int:
        """Delete expired links and changes, and the rows of old e-mails. Return their number."""
        now = self._clock.now()
        async with self._begin() as uow:
            count = await uow.email_links.delete_expired(now)
            count += await uow.email_changes.delete_expired(now)
            count += await uow.emails.delete_created_before(now - RETENTION)
            await uow.commit()
        return count


def _message(email: Email, kind: EmailKind, user: User, link: str | None = None) -> Message:
    return Message(kind, email.recipient, user.username, email.created_at, link, email.detail)
