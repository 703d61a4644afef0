import base64
import hashlib

from adapters.memory.headers import Header, read_header
from domain.formats.structure import truncated_file_error
from domain.image_processing import EncodedImage, ImageProcessor, PreparedImage
from domain.images import ImageTooLarge, Size, TooManyPixels
from domain.limits import Limits
from domain.vision.pdq import Pdq, pdq_orientations

MEBIBYTE = 1024 * 1024


class MemoryImageProcessor(ImageProcessor):
    """Reads headers only and serves the original bytes in every size. NOT FOR PRODUCTION: metadata stays in the image,
    and images are not turned upright."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def prepare(self, data: bytes) -> PreparedImage:
        if len(data) > self._limits.max_upload_bytes:
            raise _too_large_error(len(data), self._limits.max_upload_bytes)
        header = read_header(data)
        if header.width * header.height > self._limits.max_pixels:
            raise _too_many_pixels_error(header, self._limits.max_pixels)
        if not header.whole:
            raise truncated_file_error(data)
        return PreparedImage(
            width=header.width,
            height=header.height,
            content_type=header.content_type,
            renditions={size: EncodedImage(data, header.content_type) for size in Size},
            placeholder=base64.b64encode(hashlib.sha256(data).digest()[:21]).decode(),
            length=len(data),
            fingerprint=int.from_bytes(hashlib.sha256(data).digest()[-8:]),
        )

    async def pdq_hashes(self, rendition: bytes) -> tuple[Pdq, ...]:
        return pdq_orientations(Pdq(int.from_bytes(hashlib.sha256(rendition).digest())))


def _too_large_error(actual: int, limit: int) -> ImageTooLarge:
    return ImageTooLarge(
        f"the file has {actual / MEBIBYTE:.1f} MiB; at most {limit / MEBIBYTE:.1f} MiB are allowed; make it smaller",
        limit=limit,
        actual=actual,
    )


def _too_many_pixels_error(header: Header, limit: int) -> TooManyPixels:
    return TooManyPixels(
        f"the image has {header.width} × {header.height} pixels; at most {limit:,} in all are allowed; make it smaller",
        limit=limit,
        actual=header.width * header.height,
    )
