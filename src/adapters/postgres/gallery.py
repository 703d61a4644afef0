from collections.abc import Sequence

from adapters.postgres.database import Database
from adapters.postgres.paging import below_id, cut, limited
from adapters.postgres.views import SHOWN, Row, image_json, image_of
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.images import Gallery, Image
from domain.pages import Page, PageRequest

# images_pkey
IMAGE = f"select {image_json('i')} from images i where i.id = $2 and {SHOWN}"  # noqa: S608 — made of constants
IS_SHOWN = f"select exists (select from images i where i.id = $2 and {SHOWN})"  # noqa: S608 — made of constants

# images_owner_id_id_idx
OF_OWNER = f"""
select i.id, {image_json("i")} as image from images i
where owner_id = $1 and id < $2
order by id desc limit LIMIT"""  # noqa: S608 — made of constants

# images_owner_id_original_idx
WITH_ORIGINAL = f"""
select {image_json("i")} as image from images i
where owner_id = $1 and original = $2
order by id"""  # noqa: S608 — made of constants


class PostgresGallery(Gallery):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def image(self, image_id: ImageId, viewer: UserId | None) -> Image | None:
        async with self._database.reading() as connection:
            found = await connection.fetchval(IMAGE, viewer, image_id)
        return image_of(found) if found else None

    async def is_public(self, image_id: ImageId) -> bool:
        async with self._database.reading() as connection:
            return bool(await connection.fetchval(IS_SHOWN, None, image_id))

    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(limited(OF_OWNER, page), owner_id, below_id(page), record_class=Row)
        return cut(rows, page, lambda row: image_of(row.image))

    async def with_original(self, owner_id: UserId, original: BlobKey) -> Sequence[Image]:
        async with self._database.reading() as connection:
            rows = await connection.fetch(WITH_ORIGINAL, owner_id, bytes.fromhex(original.value))
        return [image_of(row["image"]) for row in rows]
