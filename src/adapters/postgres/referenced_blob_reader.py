from collections.abc import Sequence
from uuid import UUID

from adapters.postgres.database import Database
from domain.blobs import BlobKey
from domain.ids import ImageId
from domain.referenced_blobs import ReferencedBlobReader, ReferencedBlobs

# images_pkey
PAGE = """
select id, array[original, thumb_key, medium_key, large_key] as keys
from images where id > $1 order by id limit $2
"""

COUNT = "select count(*) from images"

_FIRST = UUID(int=0)


class PostgresReferencedBlobReader(ReferencedBlobReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, after: ImageId | None, limit: int) -> Sequence[ReferencedBlobs]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(PAGE, after or _FIRST, limit)
        return [ReferencedBlobs(ImageId(row["id"]), tuple(BlobKey(key.hex()) for key in row["keys"])) for row in rows]

    async def image_count(self) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval(COUNT))
