import base64
import hashlib

from adapters.memory.headers import read_header
from domain.images import EncodedImage, ImageProcessor, ImageTooLarge, PreparedImage, Size, TooManyPixels
from domain.limits import Limits


class MemoryImageProcessor(ImageProcessor):
    """Looks at headers only and serves the bytes themselves in every size. NOT FOR PRODUCTION: metadata stays in the
    picture, and nothing is turned upright."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def prepare(self, data: bytes) -> PreparedImage:
        if len(data) > self._limits.max_upload_bytes:
            raise ImageTooLarge(
                f"the file has {len(data)} bytes; at most {self._limits.max_upload_bytes} are taken",
                limit=self._limits.max_upload_bytes,
                actual=len(data),
            )
        header = read_header(data)
        pixels = header.width * header.height
        if pixels > self._limits.max_pixels:
            raise TooManyPixels(
                f"the picture has {pixels} pixels; at most {self._limits.max_pixels} are taken",
                limit=self._limits.max_pixels,
                actual=pixels,
            )
        return PreparedImage(
            width=header.width,
            height=header.height,
            content_type=header.content_type,
            renditions={size: EncodedImage(data, header.content_type) for size in Size},
            placeholder=base64.b64encode(hashlib.sha256(data).digest()[:21]).decode(),
        )
