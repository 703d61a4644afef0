"""The baseline: a common upload pipeline, with Pillow in threads of the service."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import Image, ImageOps

from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.placeholder import placeholder
from domain.formats.reading import detect_format
from domain.image_processing import EncodedImage, PreparedImage
from domain.images import Size

QUALITY = 85
THREADS = 2


class BaselineImageProcessor:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS)

    async def prepare(self, data: bytes) -> PreparedImage:
        return await asyncio.get_running_loop().run_in_executor(self._threads, prepare, data)


def prepare(data: bytes) -> PreparedImage:
    image = Image.open(BytesIO(data))
    size, side = image.size, Size.LARGE.long_side
    image.draft(
        None, (size[0] * side // max(size), size[1] * side // max(size))
    )  # libjpeg reduces by powers of two cheaply
    large = ImageOps.exif_transpose(scale(image.convert("RGB"), side))
    medium = scale(large, Size.MEDIUM.long_side)
    thumb = scale(medium, Size.THUMB.long_side)
    renditions = {Size.LARGE: encode(large), Size.MEDIUM: encode(medium), Size.THUMB: encode(thumb)}
    content_type = detect_format(data).value
    return PreparedImage(*size, content_type, renditions, placeholder(large), fingerprint(large), len(data))


def scale(image: Image.Image, long_side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= long_side:
        return image
    width, height = (max(1, round(side * long_side / longest)) for side in image.size)
    return image.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=3.0)


def encode(image: Image.Image) -> EncodedImage:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY)
    return EncodedImage(buffer.getvalue(), "image/jpeg")
