from collections.abc import Sequence

from adapters.memory.store import MemoryStore
from domain.ids import ImageId
from domain.images import Size
from domain.referenced_blobs import ReferencedBlobReader, ReferencedBlobs


class MemoryReferencedBlobReader(ReferencedBlobReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def page(self, after: ImageId | None, limit: int) -> Sequence[ReferencedBlobs]:
        images = self._store.committed.images
        ids = sorted(image_id for image_id in images if after is None or image_id > after)
        return [
            ReferencedBlobs(found.id, (found.original, *(found.renditions[size].key for size in Size)))
            for found in map(images.__getitem__, ids[:limit])
        ]

    async def image_count(self) -> int:
        return len(self._store.committed.images)
