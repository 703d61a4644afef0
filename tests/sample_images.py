"""Generated images for tests."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 180, 30), (30, 30, 220), (255, 255, 255)
ORIENTATION = 0x0112
GPS = 0x8825


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red, green, blue and white, clockwise from the upper left: every rotation and reflection is visible."""
    image = Image.new("RGB", (width, height), WHITE)
    half_width, half_height = width // 2, height // 2
    image.paste(RED, (0, 0, half_width, half_height))
    image.paste(GREEN, (half_width, 0, width, half_height))
    image.paste(BLUE, (half_width, half_height, width, height))
    return image


def encode(image: Image.Image, format: str, **options: object) -> bytes:  # noqa: A002 — Pillow's name
    buffer = BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def a_jpeg(width: int = 64, height: int = 48, colour: tuple[int, int, int] | None = None, seed: int = 0) -> bytes:
    """Different seeds give different bytes of the same image."""
    image = quarters(width, height) if colour is None else Image.new("RGB", (width, height), colour)
    return encode(image, "JPEG", quality=95, subsampling=0, comment=str(seed))


def a_png(width: int = 64, height: int = 48, mode: str = "RGB") -> bytes:
    return encode(quarters(width, height).convert(mode), "PNG")


def a_transparent_png(width: int = 64, height: int = 48) -> bytes:
    image = quarters(width, height)
    image.putalpha(Image.new("L", image.size, 100))
    return encode(image, "PNG")


def a_sixteen_bit_png(level: int = 32768) -> bytes:
    return encode(Image.new("I;16", (20, 10), level), "PNG")


def a_webp() -> bytes:
    return encode(quarters(), "WEBP")


def an_avif(orientation: int = 1) -> bytes:
    return encode(quarters(), "AVIF", quality=95, exif=_orientation_exif(orientation))


def a_heic(orientation: int = 1) -> bytes:
    from pillow_heif import from_pillow

    buffer = BytesIO()
    from_pillow(quarters()).save(buffer, quality=95, exif=_orientation_exif(orientation).tobytes())
    return buffer.getvalue()


def an_animation(format: str = "GIF") -> bytes:  # noqa: A002 — Pillow's name
    """A red frame, then a blue one."""
    first, second = Image.new("RGB", (40, 30), RED), Image.new("RGB", (40, 30), BLUE)
    return encode(first, format, save_all=True, append_images=[second], duration=100)


def rotated_jpeg(orientation: int) -> bytes:
    """The quarters as stored pixels, with an EXIF orientation."""
    return encode(quarters(), "JPEG", quality=95, subsampling=0, exif=_orientation_exif(orientation))


def a_cmyk_jpeg(colour: tuple[int, int, int] = RED) -> bytes:
    return encode(Image.new("RGB", (64, 48), colour).convert("CMYK"), "JPEG", quality=95)


def a_profile() -> bytes:
    """An ICC profile of sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def a_profile_that_swaps_red_and_green() -> bytes:
    """sRGB with two primaries exchanged."""
    return a_profile().replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")


def a_jpeg_with_metadata(profile: bytes | None) -> bytes:
    """A JPEG with metadata that must not be served: GPS, camera, comment, XMP and a colour profile."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(GPS)[1] = "N"
    exif.get_ifd(GPS)[2] = (52.0, 31.0, 12.0)
    return encode(
        quarters(), "JPEG", exif=exif, comment=b"SecretComment", icc_profile=profile, xmp=b"<x:xmpmeta>SecretXmp</x>"
    )


def an_mpo() -> bytes:
    return encode(quarters(), "MPO", save_all=True, append_images=[Image.new("RGB", (64, 48), BLUE)])


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and has almost no pixels."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(b"\0" * 100)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _orientation_exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif
