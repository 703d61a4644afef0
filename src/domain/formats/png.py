"""PNG: W3C Portable Network Graphics, third edition."""

import struct
import zlib

from domain.formats.colour import Colour, are_known, colour_from_codes, colour_from_png_chunks
from domain.formats.structure import Structure, truncated_file_error
from domain.images import BrokenImage

SIGNATURE = b"\x89PNG\r\n\x1a\n"
ROW_BUFFER_BYTES = 16 << 20
"""Memory in bytes of a decoder that keeps a few rows."""
_SCALED_PIXEL_BYTES = 16
"""Memory in bytes for each pixel of the output, with alpha (measured)."""
_MAX_SCALED_PIXELS = 1 << 22
"""The maximum number of output pixels."""
_COLOUR_CHUNKS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"cLLI", b"sBIT", b"tRNS", b"eXIf"})
"""Ancillary chunks that change how the pixels look. All others are left out, damaged or not."""
_COLOUR_SPACE_CHUNKS = frozenset({b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"cLLI"})
_PEAK_UNITS = 10_000
"""Units of `cLLI` in one cd/m²."""
MAX_COLOUR_CHUNK_BYTES = 4 << 20
_ZLIB_HEADER = b"\x78\x9c"
"""Deflate with the largest window, which suits every stream."""
_PIECE_BYTES = 1 << 18
_MAX_PIXEL_BYTES = 8
"""RGB and alpha, with 16 bits each."""
_CHANNELS = {0: 2, 2: 4, 3: 4, 4: 2, 6: 4}
"""Channels after decoding, for each colour type: palettes are replaced, and tRNS adds alpha."""


def read(data: bytes) -> Structure:
    """Read the structure. Raises `BrokenImage`. The decoder gets the chunks of the image and an end chunk."""
    if len(data) < len(SIGNATURE) + 25:
        raise truncated_file_error(data)
    length, name, width, height, depth, colour, _, _, interlaced = struct.unpack_from(">I4sIIBBBBB", data, 8)
    if name != b"IHDR" or length != 13:  # noqa: PLR2004 — the size of IHDR
        raise BrokenImage("the PNG does not begin with its header; save it again with another program")
    parts, end = _image_chunks(data)
    row = width * _CHANNELS.get(colour, 4) * (2 if depth > 8 else 1)  # noqa: PLR2004 — levels of one byte or two
    scaled = _SCALED_PIXEL_BYTES * min(width * height, _MAX_SCALED_PIXELS)
    memory = ROW_BUFFER_BYTES + row * 8 + scaled + (row * height if interlaced else 0)
    colour, parts = _read_colour(parts)
    return Structure(width, height, end, memory, b"".join(parts), colour=colour)


def repair_frame(decodable: bytes) -> bytes | None:
    """Return the file with a right header and checksum of its compressed pixels (RFC 1950), or None if the compressed
    pixels themselves do not end, or are more than the image can have. `decodable` comes from `read`."""
    parts, _ = _image_chunks(decodable)
    width, height = struct.unpack_from(">II", decodable, 16)
    pixels = b"".join(bytes(part[8:-4]) for part in parts[1:] if bytes(part[4:8]) == b"IDAT")
    stream, checksum, size = zlib.decompressobj(-zlib.MAX_WBITS), 1, 0
    rest = pixels[len(_ZLIB_HEADER) :]
    try:
        while not stream.eof:
            if not (piece := stream.decompress(rest, _PIECE_BYTES)):
                return None
            rest, size, checksum = stream.unconsumed_tail, size + len(piece), zlib.adler32(piece, checksum)
            if size > 2 * height * (1 + width * _MAX_PIXEL_BYTES):  # twice: the passes of an interlaced image
                return None
    except zlib.error:
        return None
    compressed = pixels[len(_ZLIB_HEADER) : len(pixels) - len(stream.unused_data)]
    image = _chunk(b"IDAT", _ZLIB_HEADER + compressed + checksum.to_bytes(4))
    first = next(index for index, part in enumerate(parts) if bytes(part[4:8]) == b"IDAT")
    others = [bytes(part) for part in parts if bytes(part[4:8]) != b"IDAT"]
    return b"".join([*others[:first], image, *others[first:]])


def _read_colour(parts: list[bytes | memoryview]) -> tuple[Colour | None, list[bytes | memoryview]]:
    """Return the colour from the chunk with the highest precedence (third edition, 4.3), and the parts without an
    unused profile. `cICP` precedes `iCCP`, then `sRGB`, then `gAMA` and `cHRM`."""
    chunks = {bytes(part[4:8]): bytes(part[8:-4]) for part in parts[1:] if bytes(part[4:8]) in _COLOUR_SPACE_CHUNKS}
    codes = chunks.get(b"cICP", b"")
    # The size of cICP, and its code for RGB, without which the chunk is ignored.
    if len(codes) == 4 and codes[2] == 0 and are_known(codes[0], codes[1]):  # noqa: PLR2004
        peak = int.from_bytes(chunks.get(b"cLLI", b"")[:4]) // _PEAK_UNITS
        return colour_from_codes(codes[0], codes[1], peak), [part for part in parts if bytes(part[4:8]) != b"iCCP"]
    if b"iCCP" in chunks or b"sRGB" in chunks:
        return None, parts
    return colour_from_png_chunks(chunks.get(b"gAMA"), chunks.get(b"cHRM")), parts


def _image_chunks(data: bytes) -> tuple[list[bytes | memoryview], int]:
    view = memoryview(data)
    parts: list[bytes | memoryview] = [SIGNATURE]
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            if _is_critical(name):
                raise truncated_file_error(data)
            break
        if _is_critical(name) or (
            name in _COLOUR_CHUNKS and length <= MAX_COLOUR_CHUNK_BYTES and _is_intact(view[at:end])
        ):
            parts.append(view[at:end])
        at = end
        if name == b"IEND":
            return parts, at
    if len(data) - at > 0 and b"IDAT" not in {bytes(part[4:8]) for part in parts[1:]}:
        raise truncated_file_error(data)
    parts.append(b"\0\0\0\0IEND\xae\x42\x60\x82")  # the decoder checks whether all rows are present
    return parts, len(data)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content), name) + content + zlib.crc32(name + content).to_bytes(4)


def _is_critical(name: bytes) -> bool:
    return not name[0] & 0x20


def _is_intact(chunk: memoryview) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:])
