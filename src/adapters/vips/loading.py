"""Opens a checked file as a libvips image, before decoding."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from adapters.vips import gif, heic, runtime
from domain.formats import png
from domain.formats.jpeg_pixels import without_metadata
from domain.formats.reading import detect_format, read_structure
from domain.formats.structure import Format, Structure
from domain.images import BrokenImage

MAX_SHRINK = 8
"""The maximum reduction of a JPEG during decoding."""
_SHORT_SCAN = re.compile("premature end of data segment|found marker 0x(?!d[0-7])[0-9a-f]{2} instead of RST")
"""libjpeg's warning that it fills missing pixels with grey. It reports the first warning only."""
_MAX_SECOND_DECODER_BYTES = 64 << 20
"""Memory in bytes up to which a JPEG is decoded twice."""


@dataclass(frozen=True, slots=True)
class LoadedImage:
    """`image` is decoded while it is read, once, from top to bottom. `width` and `height` are those of the file; the
    decoder may already reduce them. `orientation` is EXIF's, with 1 for an upright image."""

    format: Format
    structure: Structure
    image: Any
    width: int
    height: int
    orientation: int = 1


FAULTS = (
    runtime.Error,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""Exceptions of decoders for damaged files."""


@contextmanager
def translate_errors(format_: Format) -> Iterator[None]:
    """Raise `BrokenImage` for any error of a decoder, with its message."""
    runtime.clear_errors()
    try:
        yield
    except FAULTS as fault:
        words = runtime.error_reason(fault)
        raise BrokenImage(f"the {format_.name} is damaged and cannot be decoded ({words})") from fault


def check_image(data: bytes, max_pixels: int) -> tuple[Format, Structure]:
    """Raises `UnsupportedImage`, `BrokenImage`, `TooManyPixels`. Decodes nothing."""
    return detect_format(data), read_structure(data, max_pixels)


def load_image(format_: Format, structure: Structure, side: int) -> LoadedImage:
    """`side`: the required long side in pixels. A JPEG or WebP with more than twice as many is decoded at reduced size.
    Raises `BrokenImage` inside `translate_errors`."""
    data = structure.decodable
    options: dict[str, Any] = {"access": "sequential", "fail_on": "truncated"}
    if format_ is Format.HEIC:
        image = heic.load_heic(data, is_hdr=structure.colour is not None and structure.colour.is_hdr)
    elif format_ is Format.JPEG:
        return _load_jpeg(structure, side, options)
    elif format_ is Format.PNG:
        image = runtime.Image.pngload_buffer(data, **options, unlimited=True)
    elif format_ is Format.GIF:
        image = gif.load_gif(data, structure.frame, options)
    elif format_ is Format.WEBP:
        least = 1 / min(structure.width, structure.height)  # the decoder requires sides of at least one pixel
        scale = min(1.0, max(least, 2 * side / max(structure.width, structure.height)))
        image = runtime.Image.webpload_buffer(data, **options, scale=scale)
        return LoadedImage(format_, structure, image, structure.width, structure.height, _orientation(image))
    else:
        image = runtime.Image.heifload_buffer(data, **options)
    orientation = _orientation(image) if format_ is Format.PNG else 1  # the HEIF decoder turns images itself
    return LoadedImage(format_, structure, image, image.width, image.height, orientation)


def repair_image(source: LoadedImage) -> LoadedImage | None:
    """Return the image with a right checksum of its pixels, if a wrong one could be what the decoder refused."""
    if source.format is not Format.PNG or (data := png.repair_frame(source.structure.decodable)) is None:
        return None
    return load_image(Format.PNG, replace(source.structure, decodable=data), 1)


def require_all_pixels(source: LoadedImage) -> None:
    """Raise `BrokenImage` if a JPEG has an end marker, but misses pixels before it. Call this after all of the image
    was read."""
    if source.format is not Format.JPEG or not (warnings := runtime.take_errors()):
        return
    if not _SHORT_SCAN.search(warnings) and source.structure.memory <= _MAX_SECOND_DECODER_BYTES:
        warnings = _warnings_about_pixels(source.structure)
    if _SHORT_SCAN.search(warnings):
        raise runtime.missing_pixels_error()


def _warnings_about_pixels(structure: Structure) -> str:
    shrink = MAX_SHRINK if min(structure.width, structure.height) >= 4 * MAX_SHRINK else 1
    data = without_metadata(structure.decodable)
    with suppress(runtime.Error):  # the image itself was decoded
        runtime.Image.jpegload_buffer(data, access="sequential", shrink=shrink).copy_memory()
    return runtime.take_errors()


def _load_jpeg(structure: Structure, side: int, options: dict[str, Any]) -> LoadedImage:
    shrink = 1
    longest, shortest = max(structure.width, structure.height), min(structure.width, structure.height)
    while shrink < MAX_SHRINK and longest // (2 * shrink) >= side * 2 and shortest >= 4 * shrink:
        shrink *= 2
    if structure.end == len(structure.decodable) - 2:  # the end marker was missing: allow no other damage
        options["fail_on"] = "warning"
    image = runtime.Image.jpegload_buffer(structure.decodable, **options, shrink=shrink)
    return LoadedImage(Format.JPEG, structure, image, structure.width, structure.height, _orientation(image))


def _orientation(image: Any) -> int:
    if image.get_typeof("orientation") == 0:
        return 1
    value = int(image.get("orientation"))
    return value if 1 <= value <= 8 else 1  # noqa: PLR2004 — CIPA DC-008, 4.6.5
