"""Generated hostile and unusual image files of all kinds."""

import struct
import zlib
from io import BytesIO

from PIL import Image

from tests import pictures

Image.MAX_IMAGE_PIXELS = None


def noise(width: int = 300, height: int = 200) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def with_scans(count: int) -> bytes:
    """A progressive JPEG with this many repetitions of its last scan."""
    whole = pictures.encode(noise(), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * count + b"\xff\xd9"


def with_segments(count: int) -> bytes:
    jpeg = pictures.a_jpeg()
    return jpeg[:2] + b"\xff\xe9\0\2" * count + jpeg[2:]


def with_empty_jfif() -> bytes:
    jpeg = pictures.a_jpeg()
    return jpeg[:2] + b"\xff\xe0\0\2" + jpeg[2:]


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")])


def chunk(name: bytes, data: bytes, *, is_intact: bool = True) -> bytes:
    checksum = zlib.crc32(name + data) ^ (not is_intact)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def png_with(extra: bytes) -> bytes:
    """A PNG with `extra` after the header."""
    whole = pictures.a_png()
    return whole[:33] + extra + whole[33:]


def transparent_grey(depth: int) -> bytes:
    """An image of one level, which tRNS makes transparent."""
    level = {1: 1, 2: 2, 4: 9, 8: 100, 16: 30_000}[depth]
    bits = f"{level:0{depth}b}" * 16
    row = b"\0" + int(bits, 2).to_bytes(len(bits) // 8)
    return png(16, 16, depth, 0, row * 16, chunk(b"tRNS", struct.pack(">H", level)))


def transparent_rgb16() -> bytes:
    row = b"\0" + struct.pack(">HHH", 300, 40_000, 5) * 16
    return png(16, 16, 16, 2, row * 16, chunk(b"tRNS", struct.pack(">HHH", 300, 40_000, 5)))


def small_frame_gif() -> bytes:
    """A frame of 20 × 10 on a screen of 40 × 30."""
    gif = bytearray(pictures.encode(Image.new("P", (20, 10)), "GIF"))
    gif[6:10] = struct.pack("<HH", 40, 30)
    return bytes(gif)


def lying_avif() -> bytes:
    """1,200 × 1,200 pixels, of which the container states 100 × 100."""
    avif = pictures.encode(Image.new("RGB", (1200, 1200)), "AVIF", speed=10)
    at = avif.index(b"ispe") + 8
    return avif[:at] + struct.pack(">II", 100, 100) + avif[at + 8 :]


def other_codec() -> bytes:
    return pictures.an_avif().replace(b"av01", b"j2k1")


def timeless_avif() -> bytes:
    avif = pictures.an_animation("AVIF")
    at = avif.index(b"mdhd") + 4
    at += 4 + (16 if avif[at] else 8)
    return avif[:at] + bytes(4) + avif[at + 4 :]


def heic_grid() -> bytes:
    from pillow_heif import from_pillow, options

    before, options.GRID_TILE_SIZE = options.GRID_TILE_SIZE, 128
    buffer = BytesIO()
    from_pillow(pictures.quarters(512, 384)).save(buffer)
    options.GRID_TILE_SIZE = before
    return buffer.getvalue()


def scaling_bomb() -> bytes:
    """49 million pixels in 200 KB."""
    return pictures.encode(Image.new("RGBA", (7000, 7000), (1, 2, 3, 200)), "PNG")


def tiny_webp(width: int = 7000, height: int = 7000) -> bytes:
    """One colour in 30 bytes, which needs as much memory as any lossless WebP of this size."""
    header = 1 << 28 | (height - 1) << 14 | (width - 1)  # with alpha
    codes = int("0001" * 5, 2) << 3  # five codes of one symbol each, behind no transform, cache or group
    stream = b"\x2f" + struct.pack("<I", header) + codes.to_bytes(4, "little")
    chunks = b"WEBPVP8L" + struct.pack("<I", len(stream)) + stream + b"\0" * (len(stream) & 1)
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks
