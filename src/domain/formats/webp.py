"""WebP: RFC 9649."""

import struct

from domain.formats.structure import Structure, truncated_file_error
from domain.images import BrokenImage

_HEADER_BYTES = 12
_FRAME_HEADER_BYTES = 16


def read(data: bytes) -> Structure:
    """Read the structure. Raises `BrokenImage`."""
    if len(data) < _HEADER_BYTES + 18:
        raise truncated_file_error(data)
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise truncated_file_error(data)
    width, height, decoded = _read_sizes(data, end)
    pixels = max(width * height, decoded)
    # libwebp stores the pixels once more in its own format. An extended file also needs a canvas.
    return Structure(width, height, end, 12 * pixels, data[:end], pixels)


def _read_sizes(data: bytes, end: int) -> tuple[int, int, int]:
    """Return width and height of the image, and the number of pixels of the first frame."""
    canvas: tuple[int, int] | None = None
    at = _HEADER_BYTES
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"VP8X":
            canvas = _read_canvas_side(data, at + 12), _read_canvas_side(data, at + 15)
        if name == b"ANMF":
            at += 8 + _FRAME_HEADER_BYTES
            continue
        if name in {b"VP8 ", b"VP8L"}:
            width, height = _read_frame_size(data, name, at + 8)
            return *(canvas or (width, height)), width * height
        at += 8 + length + (length & 1)
    raise BrokenImage("the WebP contains no image; save it again with another program")


def _read_frame_size(data: bytes, name: bytes, at: int) -> tuple[int, int]:
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, at + 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, at + 6)
    return width & 0x3FFF, height & 0x3FFF


def _read_canvas_side(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little") + 1
