"""Image headers, read without a decoder."""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from domain.formats.structure import truncated_file_error
from domain.images import BrokenImage, UnsupportedImage


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an image. `width` and `height` are pixels as stored, without orientation. `whole`: whether the end
    is present too."""

    content_type: str
    width: int
    height: int
    whole: bool


def read_header(data: bytes) -> Header:
    """Return the header. Raises `BrokenImage` when empty or without a size, `UnsupportedImage` when it is not JPEG,
    PNG, WebP or GIF."""
    if not data:
        raise BrokenImage("the file is empty; send the bytes of an image")
    for content_type, magic, is_whole, measure in _FORMATS:
        if data.startswith(magic) and (magic != b"RIFF" or data[8:12] == b"WEBP"):
            try:
                width, height = measure(data)
            except struct.error:
                raise truncated_file_error(data) from None
            return Header(content_type, width, height, whole=is_whole(data) and width * height > 0)
    raise UnsupportedImage("the file is not a JPEG, PNG, WebP or GIF image; convert it to one of these")


def require_image(data: bytes) -> Header:
    """Return the header like `read_header`. Raises `BrokenImage` also when the end is missing."""
    header = read_header(data)
    if not header.whole:
        raise truncated_file_error(data)
    return header


_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0 to SOF15, without DHT, JPG and DAC, which are in the same range."""


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Read segments up to the frame header."""
    at = 2
    while True:
        marker, length = struct.unpack_from(">xBH", data, at)
        if marker in _FRAME_HEADERS:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        at += 2 + length


def _png_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _webp_size(data: bytes) -> tuple[int, int]:
    """Read the size: the extended, lossless and lossy forms have it in different places (RFC 9649)."""
    kind = data[12:16]
    if kind == b"VP8X":
        low_w, high_w, low_h, high_h = struct.unpack_from("<HBHB", data, 24)
        return (low_w | high_w << 16) + 1, (low_h | high_h << 16) + 1
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 26)
    return width & 0x3FFF, height & 0x3FFF


def _webp_is_whole(data: bytes) -> bool:
    (length,) = struct.unpack_from("<I", data, 4)
    return len(data) >= 8 + int(length)


_Format = tuple[str, bytes, Callable[[bytes], bool], Callable[[bytes], tuple[int, int]]]
_FORMATS: tuple[_Format, ...] = (
    ("image/jpeg", b"\xff\xd8\xff", lambda data: b"\xff\xd9" in data[-1024:], _jpeg_size),
    ("image/png", b"\x89PNG\r\n\x1a\n", lambda data: b"IEND" in data[-1024:], _png_size),
    ("image/gif", b"GIF8", lambda data: b";" in data[-1024:], _gif_size),
    ("image/webp", b"RIFF", _webp_is_whole, _webp_size),
)
