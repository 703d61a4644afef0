"""From bytes to a picture whose header is known and whose pixels are still to be decoded."""

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from importlib import import_module
from io import BytesIO

from PIL import ExifTags, Image, ImageFile

from domain.images import BrokenImage, TooManyPixels, UnsupportedImage

DECODING_FAULTS = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError, RuntimeError,
    struct.error, zlib.error, Image.DecompressionBombError,
)  # fmt: skip
"""What Pillow and its plugins raise on damaged files (the list of `Image.open`, and what decoding adds)."""

MIRRORED_AND_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What undoes each value of EXIF's Orientation (0x0112), CIPA DC-008, 4.6.5."""


class Format(StrEnum):
    """What is taken, by its content type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    GIF = "image/gif"
    AVIF = "image/avif"
    HEIC = "image/heic"


_PLUGINS = {
    Format.JPEG: ("PIL.JpegImagePlugin", "JpegImageFile"),
    Format.PNG: ("PIL.PngImagePlugin", "PngImageFile"),
    Format.WEBP: ("PIL.WebPImagePlugin", "WebPImageFile"),
    Format.GIF: ("PIL.GifImagePlugin", "GifImageFile"),
    Format.AVIF: ("PIL.AvifImagePlugin", "AvifImageFile"),
    Format.HEIC: ("pillow_heif", "HeifImageFile"),
}

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def sniffed(data: bytes) -> Format:
    """The format by the first bytes. Raises `BrokenImage` when there are none, `UnsupportedImage`."""
    if not data:
        raise BrokenImage("the file is empty; send the bytes of an image")
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp" and (heif := _heif_kind(data)):
        return heif
    raise UnsupportedImage("the file is none of JPEG, PNG, WebP, GIF, AVIF and HEIC; convert it to one of these")


def _heif_kind(data: bytes) -> Format | None:
    """AVIF and HEIC share a container: the brands say which (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(data[:4]), 256)
    compatible = {data[at : at + 4] for at in range(16, end, 4)}
    brands = {data[8:12], *compatible}  # between them stands the minor version
    if brands & {b"avif", b"avis"}:
        return Format.AVIF
    return Format.HEIC if brands & _HEIC_BRANDS else None


@contextmanager
def decoding() -> Iterator[None]:
    """Tell of any decoder's complaint as `BrokenImage`."""
    try:
        yield
    except DECODING_FAULTS as fault:
        raise BrokenImage("the image is damaged or cut short; send the whole file again") from fault


def opened(data: bytes, max_pixels: int) -> ImageFile.ImageFile:
    """The picture behind its header; nothing is decoded. For animations the first frame.

    Raises `UnsupportedImage`, `BrokenImage`, `TooManyPixels`.
    """
    kind = sniffed(data)
    with decoding():
        image = _plugin(kind)(BytesIO(data))
    width, height = image.size
    if width * height > max_pixels:
        raise TooManyPixels(
            f"the image has {width} × {height} pixels; at most {max_pixels:,} in all are taken; make it smaller",
            limit=max_pixels,
            actual=width * height,
        )
    return image


def _plugin(kind: Format) -> type[ImageFile.ImageFile]:
    """Pillow's reader, by itself: `Image.open` would warn by its own limit of pixels, register plugins for the whole
    process and read the further pictures of an MPO."""
    module, name = _PLUGINS[kind]
    plugin: type[ImageFile.ImageFile] = getattr(import_module(module), name)
    return plugin


def turning(image: Image.Image) -> Image.Transpose | None:
    """What turns the picture upright. (HEIC arrives upright; for AVIF Pillow says the container's turn as EXIF.)"""
    try:
        return MIRRORED_AND_TURNED.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except DECODING_FAULTS:
        return None  # broken metadata, while the picture itself may be whole
