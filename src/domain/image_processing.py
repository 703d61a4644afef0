"""Processing of uploads: from the bytes of a stranger to renditions."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from domain.images import Size
from domain.vision.duplicates import Fingerprint
from domain.vision.pdq import Pdq


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """An encoded rendition, ready for the blob store."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """A processed upload; fields as in `Image`. `length` is the number of bytes that belong to the image; later bytes
    are not stored."""

    width: int
    height: int
    content_type: str
    renditions: Mapping[Size, EncodedImage]
    placeholder: str
    fingerprint: Fingerprint | None
    length: int


class ImageProcessor(Protocol):
    @abstractmethod
    async def prepare(self, data: bytes) -> PreparedImage:
        """Validate an upload and encode its renditions.

        Detect the format, check the limits before decoding, decode, turn upright, convert to sRGB, drop all metadata,
        and encode the three renditions (JPEG quality 85; WebP for images with alpha), the placeholder and the
        fingerprint.

        The format is detected by content: JPEG (also MPO), PNG, WebP, GIF and animations (first frame), AVIF, HEIC.
        Raises `ImageTooLarge` (over `Limits.max_upload_bytes`), `TooManyPixels`, `UnsupportedImage`, `BrokenImage`, and
        `Unavailable` when the queue is full.
        """

    @abstractmethod
    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        """Return the PDQ hashes of the eight orientations of a rendition, that of the image itself first; none if it
        has hardly any features. Raises `BrokenImage`, `UnsupportedImage`, and `Unavailable` when the queue is full."""
