"""The upload pipeline in a decoding process: from an upload's bytes to everything that is served of it."""

from collections.abc import Callable
from typing import Any

from PIL import Image as Pillow

from adapters.pillow.fingerprint import fingerprint
from adapters.pillow.placeholder import placeholder
from adapters.vips.colours import srgb
from adapters.vips.loading import Loaded, checked, decoding, loaded
from adapters.vips.scaling import fitted, lies_on_its_side, scaled, upright
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
        large = whole(source, Size.LARGE.long_side)
        encoded, medium = _renditions(large)
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


def whole(source: Loaded, side: int) -> Any:
    """Decoded, at most `side` pixels long, in sRGB (the colour step), upright, in memory."""
    size = fitted((source.width, source.height), side)
    # Computed at once: a turn reads columns, and the colour step twice, which a decoder that runs down cannot serve.
    small = scaled(source.image, size).copy_memory()
    plain = srgb(small)
    return plain if source.orientation == 1 else upright(plain, source.orientation).copy_memory()


def pillow_image(image: Any) -> Pillow.Image:
    """Of an image in sRGB."""
    mode = "RGBA" if image.hasalpha() else "RGB"
    return Pillow.frombuffer(mode, (image.width, image.height), image.write_to_memory(), "raw", mode, 0, 1)


def _upright_size(source: Loaded) -> tuple[int, int]:
    if lies_on_its_side(source.orientation):
        return source.height, source.width
    return source.width, source.height


def _renditions(large: Any) -> tuple[dict[Size, bytes], Any]:
    """Each size is made from the next larger one; and the image of the medium one."""
    found: dict[Size, bytes] = {}
    image, medium, data = large, large, b""
    for size in (Size.LARGE, Size.MEDIUM, Size.THUMB):
        wanted = fitted((image.width, image.height), size.long_side)
        if not data or wanted != (image.width, image.height):
            image = scaled(image, wanted).copy_memory()
            data = _encoded(image)
        found[size] = data
        medium = image if size is Size.MEDIUM else medium
    return found, medium


def _encoded(image: Any) -> bytes:
    """JPEG, or WebP where there is alpha. Pixels only."""
    if image.hasalpha():
        return bytes(image.webpsave_buffer(Q=QUALITY, keep="none"))
    return bytes(image.jpegsave_buffer(Q=QUALITY, keep="none"))
