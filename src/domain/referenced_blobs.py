"""The blobs that rows refer to."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from domain.blobs import BlobKey
from domain.ids import ImageId


@dataclass(frozen=True, slots=True)
class ReferencedBlobs:
    """The blobs of one image: the original and the renditions."""

    image_id: ImageId
    keys: tuple[BlobKey, ...]


class ReferencedBlobReader(Protocol):
    @abstractmethod
    async def page(self, after: ImageId | None, limit: int) -> Sequence[ReferencedBlobs]:
        """Return the blobs of images with greater ids, in the order of the ids."""

    @abstractmethod
    async def image_count(self) -> int:
        """Return the number of images."""
