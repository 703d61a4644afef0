"""The directory of a JPEG file with several images (CIPA DC-007): previews, depth and gain maps after the first one."""

import struct

IDENTIFIER = b"MPF\0"
_ENTRIES_TAG = 0xB002
_ENTRY_BYTES = 16
MAX_IMAGES = 8
"""Files of cameras and phones have two or three images."""


def read_entries(data: bytes, base: int, length: int) -> list[tuple[int, int]]:
    """Return offset and size of each image, the first image first; nothing if the directory is damaged."""
    block = data[base : base + length]
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return []
    try:
        (at,) = struct.unpack_from(f"{order}I", block, 4)
        (tags,) = struct.unpack_from(f"{order}H", block, at)
        for number in range(tags):
            tag, _, count, offset = struct.unpack_from(f"{order}HHII", block, at + 2 + 12 * number)
            if tag == _ENTRIES_TAG:
                images = range(min(count // _ENTRY_BYTES, MAX_IMAGES))
                entries = [struct.unpack_from(f"{order}4xII", block, offset + _ENTRY_BYTES * image) for image in images]
                return [(base + start if start else 0, size) for size, start in entries]
    except struct.error:
        pass
    return []
