"""The upload pipeline in a decoding process: from an upload's bytes to everything that is served of it."""

from collections.abc import Callable
from typing import Any

from PIL import Image as Pillow

from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.placeholder import placeholder
from adapters.vips.colours import has_profile, srgb, srgb_or_p3, without_idle_alpha
from adapters.vips.gain_map import with_gain_map
from adapters.vips.loading import Loaded, checked, decoding, loaded
from adapters.vips.scaling import fitted, lies_on_its_side, scaled, upright
from domain.formats.colour import Colour
from domain.images import Size

QUALITY = 85
Ask = Callable[[int], None]
"""Waits until there is room for so many bytes."""


def prepared_frame(data: bytes, max_pixels: int, ask: Ask) -> tuple[dict[str, Any], bytes]:
    """The head and the body of the answer: see `adapters.vips.processor`, which reads them."""
    format_, found = checked(data, max_pixels)
    ask(found.memory)
    with decoding(format_):
        source = loaded(format_, found, Size.LARGE.long_side)
        large = whole(source, Size.LARGE.long_side, srgb_or_p3)
        encoded, medium = _renditions(large, with_gain_map(large, source))
    small = pillow_image(medium)
    width, height = _upright_size(source)
    head = {
        "width": width,
        "height": height,
        "content_type": format_.value,
        "length": min(found.end, len(data)),
        "alpha": bool(large.hasalpha()),
        "sizes": [len(encoded[size]) for size in Size],
        "placeholder": placeholder(small),
        "fingerprint": fingerprint(small),
    }
    return head, b"".join(encoded[size] for size in Size)


def whole(source: Loaded, side: int, coloured: Callable[[Any, Colour | None], Any] = srgb) -> Any:
    """Decoded, at most `side` pixels long, after the colour step, upright, in memory."""
    size = fitted((source.width, source.height), side)
    # Computed at once: a turn reads columns, and the colour step twice, which a decoder that runs down cannot serve.
    small = scaled(source.image, size).copy_memory()
    plain = without_idle_alpha(coloured(small, source.structure.colour))
    return plain if source.orientation == 1 else upright(plain, source.orientation).copy_memory()


def pillow_image(image: Any) -> Pillow.Image:
    """Of an image in sRGB."""
    mode = "RGBA" if image.hasalpha() else "RGB"
    return Pillow.frombuffer(mode, (image.width, image.height), image.write_to_memory(), "raw", mode, 0, 1)


def _upright_size(source: Loaded) -> tuple[int, int]:
    if lies_on_its_side(source.orientation):
        return source.height, source.width
    return source.width, source.height


def _renditions(large: Any, with_map: Any | None) -> tuple[dict[Size, bytes], Any]:
    """Each size is made from the next larger one; and the image of the medium one. Only the large one may have a
    profile and a gain map."""
    data = _encoded(large) if with_map is None else _encoded_with_map(with_map)
    found, image = {Size.LARGE: data}, large
    is_plain = with_map is None and not has_profile(large)
    for size in (Size.MEDIUM, Size.THUMB):
        wanted = fitted((image.width, image.height), size.long_side)
        if not is_plain or wanted != (image.width, image.height):
            image = srgb(scaled(image, wanted).copy_memory())
            data, is_plain = _encoded(image), True
        found[size] = data
        if size is Size.MEDIUM:
            medium = image
    return found, medium


def _encoded(image: Any) -> bytes:
    """JPEG, or WebP where there is alpha. Nothing but pixels and the profile of colours beyond sRGB."""
    if image.hasalpha():
        return bytes(image.webpsave_buffer(Q=QUALITY, keep="icc"))
    return bytes(image.jpegsave_buffer(Q=QUALITY, keep="icc"))


def _encoded_with_map(image: Any) -> bytes:
    return bytes(image.uhdrsave_buffer(Q=QUALITY, keep="icc|gainmap"))
