from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import chain

from adapters.postgres.database import Database
from domain.idempotency import CLAIM_TIMEOUT, RETENTION, IdempotencyStore, KeyReused, RequestInProgress, StoredResult

# answers_pkey. Of concurrent requests one inserts. The others wait for it here and then find no expired claim to take
# over.
CLAIM = """
insert into answers (scope, fingerprint, since) values ($1, $2, $3)
on conflict (scope) do update
set fingerprint = excluded.fingerprint, since = excluded.since, status = null, headers = null, body = null
where answers.since <= case when answers.status is null then $4::timestamptz else $5::timestamptz end
returning true
"""

FIND = "select fingerprint, status, headers, body from answers where scope = $1"

SAVE = "update answers set status = $2, headers = $3, body = $4, since = $5 where scope = $1"

RELEASE = "delete from answers where scope = $1 and status is null"

# answers_since_idx
DELETE_EXPIRED = "with gone as (delete from answers where since <= $1 returning 1) select count(*) from gone"


class PostgresIdempotencyStore(IdempotencyStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, scope: str, fingerprint: str, now: datetime) -> StoredResult | None:
        lapsed = now - CLAIM_TIMEOUT, now - RETENTION
        async with self._database.connection() as connection:
            if await connection.fetchval(CLAIM, _scope_key(scope), fingerprint, now, *lapsed):
                return None
            found = await connection.fetchrow(FIND, _scope_key(scope))
        if found is None:  # released between the two statements
            raise RequestInProgress
        if found["fingerprint"] != fingerprint:
            raise KeyReused
        if found["status"] is None:
            raise RequestInProgress
        return StoredResult(found["status"], _pairs(found["headers"]), found["body"])

    async def save(self, scope: str, result: StoredResult, now: datetime) -> None:
        attributes = list(chain.from_iterable(result.attributes))
        async with self._database.connection() as connection:
            await connection.execute(SAVE, _scope_key(scope), result.code, attributes, result.body, now)

    async def release(self, scope: str) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RELEASE, _scope_key(scope))

    async def delete_expired(self, now: datetime) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(DELETE_EXPIRED, now - RETENTION))


def _scope_key(scope: str) -> bytes:
    """Return a key of fixed size for a scope of any length."""
    return sha256(scope.encode("utf-8", "surrogatepass")).digest()


def _pairs(flat: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(flat[::2], flat[1::2], strict=True))
