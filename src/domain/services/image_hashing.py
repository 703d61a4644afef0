"""Image hashing: computes PDQ hashes of stored images. Uploads get none while no list needs them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from domain.blobs import BlobKey, BlobMissing, BlobStore
from domain.blocklist import ImageHashes
from domain.clock import Clock
from domain.errors import Invalid, Unsupported
from domain.ids import ImageId
from domain.image_processing import ImageProcessor
from domain.images import ImageNotFound, Size
from domain.services.image_screening import ImageScreening
from domain.unit_of_work import UnitOfWorkFactory
from domain.vision.pdq import Pdq

BATCH_SIZE = 100
INTERVAL = timedelta(hours=1)
"""Between two searches of all images for those without a hash."""


class ImageHashing:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        blobs: BlobStore,
        processor: ImageProcessor,
        image_screening: ImageScreening,
        clock: Clock,
    ) -> None:
        self._begin = begin
        self._blobs = blobs
        self._processor = processor
        self._image_screening = image_screening
        self._clock = clock
        self._next_search: datetime | None = None

    async def catch_up(self, stopped: Callable[[], bool]) -> int:
        """If the blocklist has PDQ hashes, hash all images without a hash and compare them, until there is none or
        `stopped`. Return their number. The first PDQ hash starts a search of the images at once; later ones are at
        least `INTERVAL` apart. Can be repeated."""
        now = self._clock.now()
        if not await self._image_screening.lists_pdq():
            self._next_search = None
            return 0
        if self._next_search is not None and now < self._next_search:
            return 0
        count = await self._hash_all(stopped)
        if not stopped():
            self._next_search = now + INTERVAL
        return count

    async def _hash_all(self, stopped: Callable[[], bool]) -> int:
        count, after = 0, None
        while images := await self._find_unhashed(after):
            for image_id, key in images:
                if stopped():
                    return count
                await self._image_screening.screen_stored(image_id, await self._hash(key))
                count += 1
            after = images[-1][0]
        return count

    async def _find_unhashed(self, after: ImageId | None) -> list[tuple[ImageId, BlobKey]]:
        async with self._begin() as uow:
            return list(await uow.blocklist.find_unhashed(after, BATCH_SIZE))

    async def hashes_of(self, image_id: ImageId) -> ImageHashes:
        """Return all hashes of a stored image. Raises `ImageNotFound`."""
        async with self._begin() as uow:
            image, hashes = await uow.images.get(image_id), await uow.blocklist.hashes_of(image_id)
        if image is None or hashes is None:
            raise ImageNotFound
        return hashes if hashes.pdqs else replace(hashes, pdqs=await self._hash(image.renditions[Size.MEDIUM].key))

    async def _hash(self, key: BlobKey) -> tuple[Pdq, ...]:
        """Return the hashes; none also for a rendition that is gone or damaged."""
        try:
            return await self._processor.pdq_hashes(await self._blobs.get(key))
        except (BlobMissing, Invalid, Unsupported):
            return ()
