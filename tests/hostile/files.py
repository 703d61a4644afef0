"""Generated hostile and unusual image files of all kinds."""

import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image

from tests import sample_images

Image.MAX_IMAGE_PIXELS = None


def noise(width: int = 300, height: int = 200) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def with_scans(count: int) -> bytes:
    """A progressive JPEG with this many repetitions of its last scan."""
    whole = sample_images.encode(noise(), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * count + b"\xff\xd9"


def with_segments(count: int) -> bytes:
    jpeg = sample_images.a_jpeg()
    return jpeg[:2] + b"\xff\xe9\0\2" * count + jpeg[2:]


def end_early(jpeg: bytes, percent: int) -> bytes:
    """A part of a JPEG, with an end marker."""
    return jpeg[: len(jpeg) * percent // 100].rstrip(b"\xff") + b"\xff\xd9"


def with_unknown_revision(jpeg: bytes) -> bytes:
    """A JPEG about which decoders warn, although all pixels are there."""
    at = jpeg.index(b"JFIF\0") + 5
    return jpeg[:at] + b"\x09" + jpeg[at + 1 :]


def with_restarts() -> bytes:
    return sample_images.encode(noise(), "JPEG", restart_marker_rows=1)


def without_middle(jpeg: bytes) -> bytes:
    """A JPEG with restart markers, without the rows between two of them."""
    return jpeg[: jpeg.index(b"\xff\xd2")] + jpeg[jpeg.index(b"\xff\xd5") :]


def without_restart_numbers(jpeg: bytes) -> bytes:
    """A JPEG whose encoder numbered all restart markers 0."""
    return re.sub(rb"\xff[\xd0-\xd7]", b"\xff\xd0", jpeg)


def without_last_component() -> bytes:
    """A JPEG of three scans, one for each colour component, without the last one."""
    whole = sample_images.encode(noise().convert("YCbCr"), "JPEG")
    head = whole.index(b"\xff\xda")
    scan = b"\xff\xda\0\x08\x01" + b"%c\x00\x00\x3f\x00" + b"\x28" * 400
    return whole[:head] + scan % 1 + scan % 2 + b"\xff\xd9"


def short_gif(percent: int) -> bytes:
    """A GIF whose frame ends properly, but after so much of its data."""
    head, data = _split_gif(sample_images.encode(noise().quantize(), "GIF"))
    part = data[: len(data) * percent // 100]
    blocks = [part[at : at + 255] for at in range(0, len(part), 255)]
    return head + b"".join(bytes([len(block)]) + block for block in blocks) + b"\0;"


def _split_gif(gif: bytes) -> tuple[bytes, bytes]:
    """Return everything before the data of the frame, and the data."""
    at = gif.index(b"\x2c\0\0\0\0") + 9
    at += 2 + (3 << (gif[at] & 7) + 1 if gif[at] & 0x80 else 0)
    head, data = gif[:at], b""
    while length := gif[at]:
        data += gif[at + 1 : at + 1 + length]
        at += 1 + length
    return head, data


def with_empty_jfif() -> bytes:
    jpeg = sample_images.a_jpeg()
    return jpeg[:2] + b"\xff\xe0\0\2" + jpeg[2:]


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", head, *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")])


def chunk(name: bytes, data: bytes, *, is_intact: bool = True) -> bytes:
    checksum = zlib.crc32(name + data) ^ (not is_intact)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", checksum)


def with_pixels(whole: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The PNG with changed compressed pixels, in chunks with right checksums."""
    at, parts = 8, []
    while at < len(whole):
        length, name = struct.unpack_from(">I4s", whole, at)
        parts.append((name, whole[at + 8 : at + 8 + length]))
        at += 12 + length
    pixels = change(b"".join(data for name, data in parts if name == b"IDAT"))
    first = [chunk(name, data) for name, data in parts if name not in {b"IDAT", b"IEND"}]
    return whole[:8] + b"".join([*first, chunk(b"IDAT", pixels), chunk(b"IEND", b"")])


def png_with(extra: bytes) -> bytes:
    """A PNG with `extra` after the header."""
    whole = sample_images.a_png()
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
    gif = bytearray(sample_images.encode(Image.new("P", (20, 10)), "GIF"))
    gif[6:10] = struct.pack("<HH", 40, 30)
    return bytes(gif)


def lying_avif() -> bytes:
    """1,200 × 1,200 pixels, of which the container states 100 × 100."""
    avif = sample_images.encode(Image.new("RGB", (1200, 1200)), "AVIF", speed=10)
    at = avif.index(b"ispe") + 8
    return avif[:at] + struct.pack(">II", 100, 100) + avif[at + 8 :]


def other_codec() -> bytes:
    return sample_images.an_avif().replace(b"av01", b"j2k1")


def timeless_avif() -> bytes:
    avif = sample_images.an_animation("AVIF")
    at = avif.index(b"mdhd") + 4
    at += 4 + (16 if avif[at] else 8)
    return avif[:at] + bytes(4) + avif[at + 4 :]


def heic_grid() -> bytes:
    from pillow_heif import from_pillow, options

    before, options.GRID_TILE_SIZE = options.GRID_TILE_SIZE, 128
    buffer = BytesIO()
    from_pillow(sample_images.quarters(512, 384)).save(buffer)
    options.GRID_TILE_SIZE = before
    return buffer.getvalue()


def scaling_bomb() -> bytes:
    """49 million pixels in 200 KB."""
    return sample_images.encode(Image.new("RGBA", (7000, 7000), (1, 2, 3, 200)), "PNG")


def tiny_webp(width: int = 7000, height: int = 7000) -> bytes:
    """One colour in 30 bytes, which needs as much memory as any lossless WebP of this size."""
    header = 1 << 28 | (height - 1) << 14 | (width - 1)  # with alpha
    codes = int("0001" * 5, 2) << 3  # five codes of one symbol each, behind no transform, cache or group
    stream = b"\x2f" + struct.pack("<I", header) + codes.to_bytes(4, "little")
    chunks = b"WEBPVP8L" + struct.pack("<I", len(stream)) + stream + b"\0" * (len(stream) & 1)
    return b"RIFF" + struct.pack("<I", len(chunks)) + chunks
