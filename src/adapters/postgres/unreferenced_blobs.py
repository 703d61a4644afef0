from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.postgres.database import Database
from domain.blobs import BlobKey
from domain.unreferenced_blobs import UnreferencedBlobs

# images_original_id_idx, images_thumb_key_idx, images_medium_key_idx, images_large_key_idx, desired_models_pkey: one
# lookup in each
_IS_REFERENCED = " or ".join(
    [
        *(
            f"exists (select from images where images.{column} = blob.key)"
            for column in ("original", "thumb_key", "medium_key", "large_key")
        ),
        "coalesce(blob.key = (select file from desired_models order by revision desc limit 1), false)",
    ]
)

# In the order of the keys, so that concurrent statements cannot deadlock.
REGISTER = f"""
with blob as (select distinct key from unnest($1::bytea[]) as given (key)),
 checked as materialized (select key, ({_IS_REFERENCED}) as referenced from blob),
 removed as (
  delete from orphan_blobs where key in (
   select key from orphan_blobs where key in (select key from checked where referenced) order by key for update))
insert into orphan_blobs (key, noted_at) select key, $2 from checked where not referenced order by key
on conflict (key) do nothing
"""

# orphan_blobs_pkey, in the order of the keys as above. Waits for a sweep that has claimed one of them.
RESERVE = """
insert into orphan_blobs (key, noted_at)
select distinct key, $2::timestamptz from unnest($1::bytea[]) as given (key) order by key
on conflict (key) do update set noted_at = greatest(orphan_blobs.noted_at, excluded.noted_at)
"""

# orphan_blobs_noted_at_idx. The rows stay locked until their files are deleted, so that no upload reserves them
# meanwhile. Rows that are being reserved or swept are skipped.
EXPIRED = f"""
select key from orphan_blobs as blob
where noted_at < $1 and not ({_IS_REFERENCED})
order by noted_at limit $2 for update skip locked
"""

# orphan_blobs_pkey
DELETE = "delete from orphan_blobs where key = any($1::bytea[])"


class PostgresUnreferencedBlobs(UnreferencedBlobs):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(REGISTER, [bytes.fromhex(key.value) for key in keys], now)

    @asynccontextmanager
    async def claim_expired(self, before: datetime, limit: int) -> AsyncIterator[Sequence[BlobKey]]:
        async with self._database.transaction() as transaction:
            connection = transaction.connection
            keys = [row["key"] for row in await connection.fetch(EXPIRED, before, limit)]
            yield [BlobKey(key.hex()) for key in keys]
            await connection.execute(DELETE, keys)
            await transaction.commit()

    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RESERVE, [bytes.fromhex(key.value) for key in keys], now)
