"""Detection of an upload's format, and reading of its structure."""

import struct
from collections.abc import Callable

from domain.formats import gif, heif, jpeg, png, webp
from domain.formats.structure import Format, Structure
from domain.images import BrokenImage, UnsupportedImage

_READERS: dict[Format, Callable[[bytes], Structure]] = {
    Format.JPEG: jpeg.read,
    Format.PNG: png.read,
    Format.WEBP: webp.read,
    Format.GIF: gif.read,
    Format.AVIF: heif.read,
    Format.HEIC: heif.read,
}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"}


def detect_format(data: bytes) -> Format:
    """Return the format, detected by the first bytes. Raises `BrokenImage` for an empty file, `UnsupportedImage`."""
    if not data:
        raise BrokenImage("the file is empty; send the bytes of an image")
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(png.SIGNATURE):
        return Format.PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Format.GIF
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp" and (heif_format := _heif_format(data)):
        return heif_format
    raise UnsupportedImage("the file is not a JPEG, PNG, WebP, GIF, AVIF or HEIC image; convert it to one of these")


def read_structure(data: bytes, max_pixels: int) -> Structure:
    """Return the structure of an image file. Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`."""
    read = _READERS[detect_format(data)]
    try:
        structure = read(data)
    except (ValueError, IndexError, struct.error) as fault:
        raise BrokenImage(f"the image is damaged: its structure cannot be read ({fault})") from fault
    structure.require_at_most(max_pixels)
    return structure


def without_trailer(data: bytes) -> bytes:
    """Return the file up to the end of its image. Files that are not images are returned unchanged."""
    try:
        return data[: _READERS[detect_format(data)](data).end]
    except (BrokenImage, UnsupportedImage, ValueError, IndexError, struct.error):
        return data


def _heif_format(data: bytes) -> Format | None:
    """Return AVIF or HEIC by the brands; they share a container (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(data[:4]), 256)
    compatible = {data[at : at + 4] for at in range(16, end, 4)}
    brands = {data[8:12], *compatible}  # the minor version is between them
    if brands & {b"avif", b"avis"}:
        return Format.AVIF
    return Format.HEIC if brands & _HEIC_BRANDS else None
