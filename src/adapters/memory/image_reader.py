from collections.abc import Sequence

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_image_hidden, is_image_quarantined
from adapters.memory.store import MemoryStore
from adapters.memory.views import can_see_image, view_of_image
from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.images import AVATAR_SIZES, Image, ImageFile, ImageReader, Size
from domain.pages import Page, PageRequest


class MemoryImageReader(ImageReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_id(self, image_id: ImageId, viewer: UserId | None) -> Image | None:
        tables = self._store.committed
        image = tables.images.get(image_id)
        return view_of_image(tables, viewer, image) if image and can_see_image(tables, viewer, image) else None

    async def file(self, image_id: ImageId, size: Size, viewer: UserId | None) -> ImageFile | None:
        tables = self._store.committed
        image = tables.images.get(image_id)
        if image is None or is_image_quarantined(tables, image_id):
            return None
        is_avatar = size in AVATAR_SIZES and tables.users[image.owner_id].avatar_image_id == image_id
        public = (is_avatar and not is_image_hidden(tables, image)) or can_see_image(tables, None, image)
        return ImageFile(image.renditions[size], public) if public or can_see_image(tables, viewer, image) else None

    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        entries = [Entry(image, image.id) for image in self._images_of(owner_id)]
        return highest_first(entries, page, lambda image: image)

    async def by_original(self, owner_id: UserId, original: BlobKey) -> Sequence[Image]:
        same = [image for image in self._images_of(owner_id) if image.original == original]
        return sorted(same, key=lambda image: image.id)

    def _images_of(self, owner_id: UserId) -> list[Image]:
        tables = self._store.committed
        return [
            view_of_image(tables, owner_id, image) for image in tables.images.values() if image.owner_id == owner_id
        ]
