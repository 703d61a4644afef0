"""The parts of a JPEG that affect its pixels."""

import re
from itertools import count

_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
_RESTART = re.compile(rb"\xff+[\xd0-\xd7]")
_SOI, _EOI, _SOS, _TEM, _COMMENT = 0xD8, 0xD9, 0xDA, 0x01, 0xFE
_APPLICATION = range(0xE0, 0xF0)


def without_metadata(data: bytes) -> bytes:
    """Return the image without metadata and without bytes between segments, its restart markers numbered in order. A
    decoder then warns about the coded pixels only."""
    parts, at = [b"\xff\xd8"], 0
    while match := _MARKER.search(data, at):
        at, marker = match.end(), match[1][0]
        if marker == _EOI:
            break
        if marker in {_SOI, _TEM}:
            continue
        start, at = at - 2, at + int.from_bytes(data[at : at + 2])
        if marker not in _APPLICATION and marker != _COMMENT:
            parts.append(data[start:at])
        if marker == _SOS:
            next_match = _MARKER.search(data, at)
            end = next_match.start() if next_match else len(data)
            parts.append(_number_restarts(data[at:end]))
            at = end
    return b"".join([*parts, b"\xff\xd9"])


def _number_restarts(scan: bytes) -> bytes:
    numbers = count()
    return _RESTART.sub(lambda _: bytes((0xFF, 0xD0 + next(numbers) % 8)), scan)
