from collections.abc import Sequence
from datetime import datetime
from typing import Any

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from adapters.postgres.row_statements import insert_row, update_row
from domain.emails import Email, EmailCount, EmailKind, Emails, EmailState
from domain.ids import EmailId, UserId

_COLUMNS = "id, kind, recipient, user_id, detail, state, attempts, error, next_attempt_at, created_at"

# The user first, in the order of a deletion of the account, which deletes its e-mails. emails_pkey, users_pkey
_LOCK_USER = "select from users where id = (select user_id from emails where id = $1) for no key update"
_GET = f"select {_COLUMNS} from emails where id = $1 for update"
_DELETE = "delete from emails where id = $1"
_RECENT = f"select {_COLUMNS} from emails order by id desc limit $1"

# emails_due_idx
_DUE = f"""
select {_COLUMNS} from emails where state in ('pending', 'running') and next_attempt_at <= $1
order by next_attempt_at, id limit $2"""

# These two read the whole table: operators ask rarely.
_RETRY_FAILED = """
with retried as (
  update emails set state = 'pending', attempts = 0, error = null, next_attempt_at = $1 where state = 'failed'
  returning 1)
select count(*) from retried"""
_COUNTS = """
select state, count(*) as count, (array_agg(error order by id desc) filter (where error is not null))[1] as error
from emails group by state order by state"""

# emails_created_at_idx
_DELETE_BEFORE = "with gone as (delete from emails where created_at < $1 returning 1) select count(*) from gone"


class PostgresEmails(Emails):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

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
            await insert_row(self._connection, "emails", row)

    async def get(self, email_id: EmailId) -> Email | None:
        await self._connection.execute(_LOCK_USER, email_id)
        row = await self._connection.fetchrow(_GET, email_id)
        return _email_of(row) if row else None

    async def save(self, email: Email) -> None:
        await update_row(self._connection, "emails", {"id": email.id}, _progress(email))

    async def delete(self, email_id: EmailId) -> None:
        await self._connection.execute(_DELETE, email_id)

    async def find_due(self, now: datetime, limit: int) -> Sequence[Email]:
        return [_email_of(row) for row in await self._connection.fetch(_DUE, now, limit)]

    async def recent(self, limit: int) -> Sequence[Email]:
        return [_email_of(row) for row in await self._connection.fetch(_RECENT, limit)]

    async def retry_failed(self, now: datetime) -> int:
        return int(await self._connection.fetchval(_RETRY_FAILED, now))

    async def counts(self) -> Sequence[EmailCount]:
        rows = await self._connection.fetch(_COUNTS)
        return [EmailCount(EmailState(row["state"]), row["count"], row["error"]) for row in rows]

    async def delete_created_before(self, before: datetime) -> int:
        return int(await self._connection.fetchval(_DELETE_BEFORE, before))


def _progress(email: Email) -> dict[str, object]:
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
