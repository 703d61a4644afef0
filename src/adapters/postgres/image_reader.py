from collections.abc import Sequence

from adapters.postgres.database import Database
from adapters.postgres.image_json import image_json, read_image
from adapters.postgres.paging import below_id, make_page, page_statement
from adapters.postgres.visibility import IMAGE_VISIBLE, can_view_image, not_in_effect
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.images import AVATAR_SIZES, Image, ImageFile, ImageReader, Rendition, Size
from domain.pages import Page, PageRequest

# images_pkey
BY_ID = f"select {image_json('i', '$1')}::text from images i where i.id = $2 and {IMAGE_VISIBLE}"
# images_pkey, users_pkey
_IS_AVATAR = f"""(coalesce((select true from users where users.id = i.owner_id and users.avatar_image_id = i.id), false)
    and {not_in_effect("i.hidden_until")})"""
FILES = {
    size: f"""
select {size}_key as key, {size}_type as type, {IMAGE_VISIBLE} as visible,
  {can_view_image("i", "null::uuid")}{f" or {_IS_AVATAR}" if size in AVATAR_SIZES else ""} as public
from images i where i.id = $2 and not i.quarantined"""
    for size in Size
}

# images_owner_id_id_idx
OF_OWNER = page_statement(
    lambda rows: (
        f"select i.id, {image_json('i')}::text as image from images i "
        f"where owner_id = $1 and id < $2 order by id desc limit {rows}"
    )
)

# images_owner_id_original_idx
BY_ORIGINAL = f"""
select {image_json("i")}::text as image from images i
where owner_id = $1 and original = $2
order by id"""


class PostgresImageReader(ImageReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def by_id(self, image_id: ImageId, viewer: UserId | None) -> Image | None:
        async with self._database.connection() as connection:
            found = await connection.fetchval(BY_ID, viewer, image_id)
        return read_image(found).redact_for(viewer) if found else None

    async def file(self, image_id: ImageId, size: Size, viewer: UserId | None) -> ImageFile | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(FILES[size], viewer, image_id)
        if row is None or not (row.public or row.visible):
            return None
        return ImageFile(Rendition(BlobKey(row.key.hex()), row.type), public=bool(row.public))

    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(OF_OWNER(page), owner_id, below_id(page))
        return make_page(rows, page, lambda row: read_image(row.image).redact_for(owner_id))

    async def by_original(self, owner_id: UserId, original: BlobKey) -> Sequence[Image]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(BY_ORIGINAL, owner_id, bytes.fromhex(original.value))
        return [read_image(row["image"]).redact_for(owner_id) for row in rows]
