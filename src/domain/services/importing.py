"""Import of a folder of images as posts. It can be repeated; each image is posted once."""

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
    """The result for one file. `view` is None when the same bytes were posted before."""

    view: PostView | None


class Importing:
    def __init__(self, uploading: Uploading, posting: Posting, image_reader: ImageReader) -> None:
        self._uploading = uploading
        self._posting = posting
        self._image_reader = image_reader

    async def import_file(self, owner_id: UserId, data: bytes, text: str) -> ImportResult:
        """Upload and publish one image. An image uploaded but not published (by an interrupted import) is published
        now. A published one is left unchanged, so that no list of finished files is needed."""
        known = await self._image_reader.by_original(owner_id, BlobKey.of(without_trailer(data)))
        if any(image.post_id is not None for image in known):
            return ImportResult(None)
        image = known[0] if known else await self._uploading.upload(owner_id, data, exempt=True)
        return ImportResult(await self._posting.publish(owner_id, text, (image.id,)))
