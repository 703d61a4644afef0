"""The upload pipeline in a decoding process: from the bytes of an upload to its renditions and metadata."""

from collections.abc import Callable
from typing import Any

from PIL import Image as Pillow

from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.placeholder import placeholder
from adapters.vips import runtime
from adapters.vips.colours import has_profile, to_srgb, to_srgb_or_p3, with_bands_of_profile, without_opaque_alpha
from adapters.vips.gain_map import with_gain_map
from adapters.vips.loading import (
    LoadedImage,
    check_image,
    load_image,
    repair_image,
    require_all_pixels,
    translate_errors,
)
from adapters.vips.scaling import fit_size, is_sideways, scale, turn_upright
from domain.formats.colour import Colour
from domain.formats.structure import Format
from domain.images import Size

QUALITY = 85
_HEIF = {Format.AVIF, Format.HEIC}
RequestMemory = Callable[[int], None]
"""Waits until this many bytes are granted."""


def prepare_frame(data: bytes, max_pixels: int, request_memory: RequestMemory) -> tuple[dict[str, Any], bytes]:
    """The head and the body of the answer, as read by `adapters.vips.processor`."""
    format_, structure = check_image(data, max_pixels)
    request_memory(structure.memory)
    with translate_errors(format_):
        source = load_image(format_, structure, Size.LARGE.long_side)
        large = decode_scaled(source, Size.LARGE.long_side, to_srgb_or_p3)
        encoded, medium = _make_renditions(large, with_gain_map(large, source))
    small = to_pillow(medium)
    width, height = _upright_size(source)
    head = {
        "width": width,
        "height": height,
        "content_type": format_.value,
        "length": min(structure.end, len(data)),
        "alpha": bool(large.hasalpha()),
        "sizes": [len(encoded[size]) for size in Size],
        "placeholder": placeholder(small),
        "fingerprint": fingerprint(small),
    }
    return head, b"".join(encoded[size] for size in Size)


def decode_scaled(source: LoadedImage, side: int, convert: Callable[[Any, Colour | None], Any] = to_srgb) -> Any:
    """The decoded image, upright, in memory, after the colour step, with a long side of at most `side` pixels."""
    size = fit_size((source.width, source.height), side)
    # Computed at once: a rotation reads columns, and the colour step reads twice; the decoder reads rows once.
    try:
        small = scale(source.image, size).copy_memory()
    except runtime.Error:
        if (repaired := repair_image(source)) is None:
            raise
        small = scale(repaired.image, size).copy_memory()
    require_all_pixels(source)
    if source.format in _HEIF:
        small = with_bands_of_profile(small)
    converted = without_opaque_alpha(convert(small, source.structure.colour))
    return converted if source.orientation == 1 else turn_upright(converted, source.orientation).copy_memory()


def to_pillow(image: Any) -> Pillow.Image:
    """Converts an sRGB image."""
    mode = "RGBA" if image.hasalpha() else "RGB"
    return Pillow.frombuffer(mode, (image.width, image.height), image.write_to_memory(), "raw", mode, 0, 1)


def _upright_size(source: LoadedImage) -> tuple[int, int]:
    if is_sideways(source.orientation):
        return source.height, source.width
    return source.width, source.height


def _make_renditions(large: Any, with_map: Any | None) -> tuple[dict[Size, bytes], Any]:
    """The encoded renditions, each made from the next larger one, and the medium image. Only the large one may have a
    profile and a gain map."""
    data = _encode(large) if with_map is None else _encode_with_map(with_map)
    encoded, image = {Size.LARGE: data}, large
    is_srgb = with_map is None and not has_profile(large)
    for size in (Size.MEDIUM, Size.THUMB):
        target = fit_size((image.width, image.height), size.long_side)
        if not is_srgb or target != (image.width, image.height):
            image = to_srgb(scale(image, target).copy_memory())
            data, is_srgb = _encode(image), True
        encoded[size] = data
        if size is Size.MEDIUM:
            medium = image
    return encoded, medium


def _encode(image: Any) -> bytes:
    """JPEG, or WebP if there is alpha. Contains only pixels, and a profile for colours beyond sRGB."""
    if image.hasalpha():
        return bytes(image.webpsave_buffer(Q=QUALITY, keep="icc"))
    return bytes(image.jpegsave_buffer(Q=QUALITY, keep="icc"))


def _encode_with_map(image: Any) -> bytes:
    return bytes(image.uhdrsave_buffer(Q=QUALITY, keep="icc|gainmap"))
