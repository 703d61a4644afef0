"""Importing: a folder of pictures becomes posts, once each, however often it is begun again."""

from dataclasses import dataclass

from domain.blobs import BlobKey
from domain.formats.reading import without_trailer
from domain.ids import UserId
from domain.images import ImageReader
from domain.post_views import PostView
from domain.services.posting import Posting
from domain.services.uploading import Uploading


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What came of one file; `view` is None when these very bytes were posted before."""

    view: PostView | None


class Importing:
    def __init__(self, uploading: Uploading, posting: Posting, image_reader: ImageReader) -> None:
        self._uploading = uploading
        self._posting = posting
        self._image_reader = image_reader

    async def import_file(self, owner_id: UserId, data: bytes, text: str) -> ImportResult:
        """Upload and publish one picture. What was uploaded but not yet published (an import cut short) is published
        now; what was published is left alone, so no list of finished files is needed."""
        known = await self._image_reader.by_original(owner_id, BlobKey.of(without_trailer(data)))
        if any(image.post_id is not None for image in known):
            return ImportResult(None)
        image = known[0] if known else await self._uploading.upload(owner_id, data, exempt=True)
        return ImportResult(await self._posting.publish(owner_id, text, (image.id,)))
