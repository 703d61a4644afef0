"""Queueing of e-mails in the unit of work of their cause. A worker sends them after the commit."""

from datetime import datetime

from domain.emails import Email, EmailKind
from domain.ids import EmailId, Ids
from domain.jobs import EmailJob
from domain.unit_of_work import UnitOfWork
from domain.users import User


async def queue_email(
    uow: UnitOfWork, ids: Ids, now: datetime, kind: EmailKind, user: User, detail: str = "", recipient: str = ""
) -> None:
    """Queue an e-mail to the user, or to `recipient` if given. Raises `UserNotFound`."""
    await _queue(uow, Email(EmailId(ids.new()), kind, recipient or user.email, now, user.id, detail))


async def queue_notice(uow: UnitOfWork, ids: Ids, now: datetime, kind: EmailKind, user: User, detail: str = "") -> None:
    """Queue an e-mail about an event of the account, unless its address is only claimed and may be a stranger's."""
    if user.holds_email:
        await queue_email(uow, ids, now, kind, user, detail)


async def queue_reset(uow: UnitOfWork, ids: Ids, now: datetime, address: str) -> None:
    """Queue an e-mail to the holder of this address, if there is one."""
    await _queue(uow, Email(EmailId(ids.new()), EmailKind.PASSWORD_RESET, address, now))


async def _queue(uow: UnitOfWork, email: Email) -> None:
    await uow.emails.add(email.schedule(email.created_at))
    await uow.jobs.enqueue(EmailJob(email.id))
