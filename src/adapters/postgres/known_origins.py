from collections.abc import Collection
from datetime import datetime

from adapters.postgres.database import Database
from domain.ids import UserId
from domain.known_origins import ORIGIN_LIFETIME, KnownOrigins

# known_origins_pkey
KNOWN = "select mark from known_origins where user_id = $1 and mark = any($2::bytea[]) and noted_at > $3"

# In the order of the marks, so that concurrent statements cannot deadlock.
RECORD = """
insert into known_origins (user_id, mark, noted_at)
select users.id, given.mark, $3 from users, unnest($2::bytea[]) as given (mark)
where users.id = $1 order by given.mark for key share of users
on conflict (user_id, mark) do update set noted_at = excluded.noted_at
"""

# known_origins_noted_at_idx
DELETE_EXPIRED = "with gone as (delete from known_origins where noted_at <= $1 returning 1) select count(*) from gone"


class PostgresKnownOrigins(KnownOrigins):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def filter_known(self, user_id: UserId, marks: Collection[str], now: datetime) -> frozenset[str]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(KNOWN, user_id, _to_bytes(marks), now - ORIGIN_LIFETIME)
        return frozenset(row["mark"].hex() for row in rows)

    async def record(self, user_id: UserId, marks: Collection[str], now: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RECORD, user_id, _to_bytes(marks), now)

    async def delete_expired(self, now: datetime) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(DELETE_EXPIRED, now - ORIGIN_LIFETIME))


def _to_bytes(marks: Collection[str]) -> list[bytes]:
    return sorted(bytes.fromhex(mark) for mark in marks)
