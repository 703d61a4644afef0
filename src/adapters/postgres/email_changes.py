from datetime import datetime

from adapters.postgres.database import Connection
from domain.email_changes import EmailChange, EmailChanges
from domain.ids import UserId

# email_changes_pkey
_GET = "select email, approved, proved, expires_at from email_changes where user_id = $1"
_SAVE = """
insert into email_changes (user_id, email, approved, proved, expires_at) values ($1, $2, $3, $4, $5)
on conflict (user_id) do update
set email = excluded.email, approved = excluded.approved, proved = excluded.proved, expires_at = excluded.expires_at"""
_DELETE = "delete from email_changes where user_id = $1"

# email_changes_expires_at_idx
_DELETE_EXPIRED = (
    "with gone as (delete from email_changes where expires_at <= $1 returning 1) select count(*) from gone"
)


class PostgresEmailChanges(EmailChanges):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def get(self, user_id: UserId) -> EmailChange | None:
        row = await self._connection.fetchrow(_GET, user_id)
        return EmailChange(user_id, row.email, row.approved, row.proved, row.expires_at) if row else None

    async def save(self, change: EmailChange) -> None:
        await self._connection.execute(
            _SAVE, change.user_id, change.email, change.approved, change.proved, change.expires_at
        )

    async def delete(self, user_id: UserId) -> None:
        await self._connection.execute(_DELETE, user_id)

    async def delete_expired(self, now: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_EXPIRED, now))
