from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from adapters.postgres.database import Database
from domain import unreferenced_blobs as blobs
from domain.blobs import BlobKey
from domain.unreferenced_blobs import Claim, UnreferencedBlobs

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

# orphan_blobs_pkey, in the order of the keys as above
RESERVE = """
with given as (select distinct key from unnest($1::bytea[]) as one (key)),
 reserved as (
  insert into orphan_blobs (key, noted_at) select key, $2::timestamptz from given order by key
  on conflict (key) do update set noted_at = greatest(orphan_blobs.noted_at, excluded.noted_at), claimed_until = null
   where orphan_blobs.claimed_until is null or orphan_blobs.claimed_until <= $2
  returning key)
select (select count(*) from given) = (select count(*) from reserved)
"""

# orphan_blobs_noted_at_idx. Rows that are being reserved or claimed are skipped. The array makes the planner look up a
# few keys, rather than read all images. Rows that are referenced by now are few: `register` removes them.
CLAIM = f"""
with chosen as materialized (
 select key from unnest(array(
  select key from orphan_blobs
  where noted_at < $1 and (claimed_until is null or claimed_until <= $2)
   and not exists (select from deletion_pauses where until > $2)
  order by noted_at limit $4 for update skip locked)) as blob (key)
 where not ({_IS_REFERENCED}))
update orphan_blobs set claimed_until = $3 where key = any(array(select key from chosen)) returning key
"""

# orphan_blobs_pkey. A claim that has ended may have been followed by a reservation or by another claim.
REMOVE = "delete from orphan_blobs where key = $1 and claimed_until = $2"

# orphan_blobs_pkey
RELEASE = "update orphan_blobs set claimed_until = null where key = any($1::bytea[]) and claimed_until = $2"

# Pauses of killed backups are deleted with the next one.
PAUSE = """
with ended as (delete from deletion_pauses where until < $2::timestamptz - interval '1 day' and id <> $1::uuid)
insert into deletion_pauses (id, until) values ($1, $2)
on conflict (id) do update set until = excluded.until
"""

RESUME = "delete from deletion_pauses where id = $1"


class PostgresUnreferencedBlobs(UnreferencedBlobs):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(REGISTER, _to_bytes(keys), now)

    async def claim_expired(self, now: datetime, limit: int) -> Claim:
        until = now + blobs.CLAIM
        async with self._database.connection() as connection:
            rows = await connection.fetch(CLAIM, now - blobs.UNREFERENCED_RETENTION, now, until, limit)
        return Claim(tuple(BlobKey(row["key"].hex()) for row in rows), until)

    async def remove(self, claim: Claim, key: BlobKey) -> None:
        async with self._database.connection() as connection:
            await connection.execute(REMOVE, bytes.fromhex(key.value), claim.until)

    async def release(self, claim: Claim, keys: Collection[BlobKey]) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RELEASE, _to_bytes(keys), claim.until)

    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> bool:
        async with self._database.connection() as connection:
            return bool(await connection.fetchval(RESERVE, _to_bytes(keys), now))

    async def pause(self, pause: UUID, until: datetime) -> None:
        async with self._database.connection() as connection:
            await connection.execute(PAUSE, pause, until)

    async def resume(self, pause: UUID) -> None:
        async with self._database.connection() as connection:
            await connection.execute(RESUME, pause)


def _to_bytes(keys: Collection[BlobKey]) -> list[bytes]:
    return [bytes.fromhex(key.value) for key in keys]
