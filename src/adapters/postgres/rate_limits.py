"""Rate limits in one unlogged table. Without a write-ahead log, a hit does not wait for the disk. After a crash of the
server all counts start from zero."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from adapters.postgres.database import Database
from domain.rate_limits import Rate, RateMeter, RateUsage

# rate_limits_pkey
HIT = """
insert into rate_limits as used (key, free_at) values ($1, $2::timestamptz + $3::interval)
on conflict (key) do update set free_at = greatest(used.free_at, $2) + $3
where greatest(used.free_at, $2) + $3 <= $2 + $4::interval
returning free_at
"""

USED = "select free_at from rate_limits where key = $1"

# Locks rows in the order of their keys, so that concurrent statements cannot deadlock.
EXTEND = """
with kept as (select key from rate_limits where key = any($1::bytea[]) order by key for update)
update rate_limits set free_at = greatest(free_at, $2) from kept where rate_limits.key = kept.key
"""

CLEAR = "delete from rate_limits where key = any($1::bytea[])"

DELETE_EXPIRED = "with gone as (delete from rate_limits where free_at <= $1 returning 1) select count(*) from gone"


class PostgresRateMeter(RateMeter):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def hit(self, key: str, rate: Rate, now: datetime) -> RateUsage:
        async with self._database.connection() as connection:
            while True:  # repeat if the row was deleted between the two statements
                free_at = await connection.fetchval(HIT, _hash_key(key), now, rate.interval, rate.full_cost)
                if free_at is not None:
                    return RateUsage(rate, free_at, now, admitted=True)
                free_at = await connection.fetchval(USED, _hash_key(key))
                if free_at is not None:
                    return RateUsage(rate, free_at, now, admitted=False)

    async def extend(self, keys: Collection[str], until: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(EXTEND, [_hash_key(key) for key in keys], until)

    async def clear(self, *keys: str) -> None:
        async with self._database.connection() as connection:
            await connection.execute(CLEAR, sorted(_hash_key(key) for key in keys))

    async def delete_expired(self, now: datetime) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(DELETE_EXPIRED, now))


def _hash_key(key: str) -> bytes:
    """Hash a key. Keys contain addresses and names, which the table does not need."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()
