from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.tables import email_changes
from domain.email_changes import EmailChange, EmailChanges
from domain.ids import UserId

_columns = email_changes.c


class PostgresEmailChanges(EmailChanges):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def get(self, user_id: UserId) -> EmailChange | None:
        statement = select(email_changes).where(_columns.user_id == user_id)
        row = (await self._core.execute(statement)).one_or_none()
        return EmailChange(UserId(row.user_id), row.email, row.approved, row.proved, row.expires_at) if row else None

    async def save(self, change: EmailChange) -> None:
        values = {
            "email": change.email,
            "approved": change.approved,
            "proved": change.proved,
            "expires_at": change.expires_at,
        }
        statement = insert(email_changes).values(user_id=change.user_id, **values)
        await self._core.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))

    async def delete(self, user_id: UserId) -> None:
        await self._core.execute(delete(email_changes).where(_columns.user_id == user_id))

    async def delete_expired(self, now: datetime) -> int:
        # email_changes_expires_at_idx
        return (await self._core.execute(delete(email_changes).where(_columns.expires_at <= now))).rowcount
