"""Comparison of stored blobs with the rows that refer to them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from domain.blobs import BlobKey, BlobStore
from domain.ids import ImageId
from domain.referenced_blobs import ReferencedBlobReader, ReferencedBlobs
from domain.services.blob_copying import Track, is_intact
from domain.services.in_parallel import for_each

PAGE = 500


@dataclass(frozen=True, slots=True)
class BlobFault:
    """A blob of an image that is missing or damaged."""

    image_id: ImageId
    key: BlobKey


@dataclass
class BlobReport:
    blobs: int = 0
    faults: list[BlobFault] = field(default_factory=list)


class BlobVerification:
    def __init__(self, blobs: BlobStore, referenced_blob_reader: ReferencedBlobReader) -> None:
        self._blobs = blobs
        self._referenced_blob_reader = referenced_blob_reader

    async def verify(self, track: Track) -> BlobReport:
        """Read the blobs of every image, and report those that are missing or damaged."""
        report = BlobReport()
        with track("Reading images", await self._referenced_blob_reader.image_count()) as advance:

            async def verify(image: ReferencedBlobs) -> None:
                for key in image.keys:
                    report.blobs += 1
                    if not await is_intact(self._blobs, key):
                        report.faults.append(BlobFault(image.image_id, key))
                advance(str(image.image_id))

            await for_each(self._images(), verify)
        return report

    async def _images(self) -> AsyncIterator[ReferencedBlobs]:
        after: ImageId | None = None
        while page := await self._referenced_blob_reader.page(after, PAGE):
            for image in page:
                yield image
            after = page[-1].image_id
