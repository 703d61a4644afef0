"""GIF, by the GIF89a specification. Only the first frame is decoded."""

import struct

from domain.formats.structure import Structure, truncated_file_error
from domain.images import BrokenImage

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_CONTROL = 0xF9


def read(data: bytes) -> Structure:
    """Read the structure. Raises `BrokenImage`."""
    if len(data) < 13:  # noqa: PLR2004 — header and screen descriptor
        raise truncated_file_error(data)
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    first = _BlockReader(data, 13 + _colour_table_size(flags))
    while first.kind not in {_IMAGE, _TRAILER}:
        first.advance()
    if first.kind == _TRAILER:
        raise BrokenImage("the GIF contains no image; save it again with another program")
    left, top, across, down = struct.unpack_from("<HHHH", data, first.at + 1)
    first.advance()
    decodable = data[: first.at] + bytes([_TRAILER])
    pixels = max(width, left + across) * max(height, top + down)
    covers = left == 0 == top and across >= width and down >= height
    frame = None if covers else (left, top, across, down)
    return Structure(width, height, _find_end(first), 2 * 4 * pixels, decodable, pixels, frame)


def _find_end(frames: "_BlockReader") -> int:
    """Return the end of the trailer; the end of the file if a later frame is truncated."""
    try:
        while frames.kind != _TRAILER:
            frames.advance()
    except BrokenImage:
        return len(frames.data)
    return frames.at + 1


class _BlockReader:
    """Reads block by block. Raises `BrokenImage` at invalid blocks and at the end of the file."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data = data
        self.at = at

    @property
    def kind(self) -> int:
        if self.at >= len(self.data):
            raise truncated_file_error(self.data)
        return self.data[self.at]

    def advance(self) -> None:
        if self.kind == _EXTENSION:
            self._skip_blocks(self.at + 2)
        elif self.kind == _IMAGE:
            if self.at + 10 > len(self.data):
                raise truncated_file_error(self.data)
            self._skip_blocks(self.at + 11 + _colour_table_size(self.data[self.at + 9]))
        else:
            raise BrokenImage(f"the GIF is damaged at byte {self.at:,}; save it again with another program")

    def _skip_blocks(self, at: int) -> None:
        data = self.data
        try:
            while length := data[at]:
                at += 1 + length
        except IndexError:
            raise truncated_file_error(data) from None
        self.at = at + 1


def _colour_table_size(flags: int) -> int:
    """Return the size of the colour table in bytes, from its flags."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
