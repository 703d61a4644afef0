from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from itertools import chain

from adapters.postgres.database import Database
from domain.idempotency import (
    CLAIM_LEASE,
    RETENTION,
    Claim,
    IdempotencyStore,
    KeyReused,
    RequestInProgress,
    StoredResult,
)

# answers_pkey. Of concurrent requests one inserts. The others wait for it here and then find no expired claim to take
# over.
CLAIM = """
insert into answers (scope, fingerprint, since, claim_id) values ($1, $2, $3, $6)
on conflict (scope) do update
set fingerprint = excluded.fingerprint, since = excluded.since, claim_id = excluded.claim_id,
    status = null, headers = null, body = null
where answers.since <= case when answers.status is null then $4::timestamptz else $5::timestamptz end
returning true
"""

FIND = "select fingerprint, status, headers, body from answers where scope = $1"

# answers_pkey. Rows that another statement has locked are no longer claims, or are renewed by the next statement.
RENEW = """
update answers set since = greatest(since, $3) where scope in (
  select scope from unnest($1::bytea[], $2::uuid[]) as held (scope, claim_id) join answers using (scope, claim_id)
  where status is null for update of answers skip locked)
"""

SAVE = """
update answers set status = $2, headers = $3, body = $4, since = $5
where scope = $1 and claim_id = $6 and status is null
"""

RELEASE = "delete from answers where scope = $1 and claim_id = $2 and status is null"

# answers_since_idx
DELETE_EXPIRED = "with gone as (delete from answers where since <= $1 returning 1) select count(*) from gone"


class PostgresIdempotencyStore(IdempotencyStore):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, claim: Claim, fingerprint: str, now: datetime) -> StoredResult | None:
        key, lapsed = _scope_key(claim), (now - CLAIM_LEASE, now - RETENTION)
        async with self._database.connection() as connection:
            if await connection.fetchval(CLAIM, key, fingerprint, now, *lapsed, claim.id):
                return None
            found = await connection.fetchrow(FIND, key)
        if found is None:  # released between the two statements
            raise RequestInProgress
        if found["fingerprint"] != fingerprint:
            raise KeyReused
        if found["status"] is None:
            raise RequestInProgress
        return StoredResult(found["status"], _pairs(found["headers"]), found["body"])

    async def renew(self, claims: Sequence[Claim], now: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RENEW, [*map(_scope_key, claims)], [claim.id for claim in claims], now)

    async def save(self, claim: Claim, result: StoredResult, now: datetime) -> None:
        attributes = list(chain.from_iterable(result.attributes))
        async with self._database.connection() as connection:
            await connection.execute(SAVE, _scope_key(claim), result.code, attributes, result.body, now, claim.id)

    async def release(self, claim: Claim) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RELEASE, _scope_key(claim), claim.id)

    async def delete_expired(self, now: datetime) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(DELETE_EXPIRED, now - RETENTION))


def _scope_key(claim: Claim) -> bytes:
    """Return a key of fixed size for a scope of any length."""
    return sha256(claim.scope.encode("utf-8", "surrogatepass")).digest()


def _pairs(flat: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple(zip(flat[::2], flat[1::2], strict=True))
