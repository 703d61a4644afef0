from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Text, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.errors import translate_errors
from adapters.postgres.tables import emails, users
from domain.emails import Email, EmailCount, EmailKind, Emails, EmailState
from domain.ids import EmailId, UserId

_columns = emails.c


class PostgresEmails(Emails):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def add(self, email: Email) -> None:
        row = {
            "id": email.id,
            "kind": email.kind.value,
            "recipient": email.recipient,
            "user_id": email.user_id,
            "detail": email.detail,
            "created_at": email.created_at,
            **_progress(email),
        }
        with translate_errors():
            await self._core.execute(insert(emails).values(row))

    async def get(self, email_id: EmailId) -> Email | None:
        # The user first, in the order of a deletion of the account, which deletes its e-mails.
        owner = select(_columns.user_id).where(_columns.id == email_id).scalar_subquery()
        await self._core.execute(select(users.c.id).where(users.c.id == owner).with_for_update(key_share=True))
        statement = select(emails).where(_columns.id == email_id).with_for_update()
        row = (await self._core.execute(statement)).one_or_none()
        return _email_of(row) if row else None

    async def save(self, email: Email) -> None:
        await self._core.execute(update(emails).where(_columns.id == email.id).values(_progress(email)))

    async def delete(self, email_id: EmailId) -> None:
        await self._core.execute(delete(emails).where(_columns.id == email_id))

    async def find_due(self, now: datetime, limit: int) -> Sequence[Email]:
        # emails_due_idx
        statement = (
            select(emails)
            .where(_columns.state.in_(["pending", "running"]), _columns.next_attempt_at <= now)
            .order_by(_columns.next_attempt_at, _columns.id)
            .limit(limit)
        )
        return [_email_of(row) for row in await self._core.execute(statement)]

    async def recent(self, limit: int) -> Sequence[Email]:
        # emails_pkey
        statement = select(emails).order_by(_columns.id.desc()).limit(limit)
        return [_email_of(row) for row in await self._core.execute(statement)]

    async def retry_failed(self, now: datetime) -> int:
        asked = {"state": "pending", "attempts": 0, "error": None, "next_attempt_at": now}
        statement = update(emails).where(_columns.state == "failed").values(asked)
        return (await self._core.execute(statement)).rowcount

    async def counts(self) -> Sequence[EmailCount]:
        newest_first = aggregate_order_by(_columns.error, _columns.id.desc())
        errors = func.array_agg(newest_first, type_=ARRAY(Text)).filter(_columns.error.is_not(None))
        statement = select(_columns.state, func.count(), errors[1]).group_by(_columns.state).order_by(_columns.state)
        found = await self._core.execute(statement)
        return [EmailCount(EmailState(state), count, error) for state, count, error in found]

    async def delete_created_before(self, before: datetime) -> int:
        # emails_created_at_idx
        return (await self._core.execute(delete(emails).where(_columns.created_at < before))).rowcount


def _progress(email: Email) -> dict[str, Any]:
    return {
        "state": email.state.value,
        "attempts": email.attempts,
        "error": email.error,
        "next_attempt_at": email.next_attempt_at,
    }


def _email_of(row: Any) -> Email:
    return Email(
        id=EmailId(row.id),
        kind=EmailKind(row.kind),
        recipient=row.recipient,
        created_at=row.created_at,
        user_id=UserId(row.user_id) if row.user_id else None,
        detail=row.detail,
        state=EmailState(row.state),
        attempts=row.attempts,
        error=row.error,
        next_attempt_at=row.next_attempt_at,
    )
