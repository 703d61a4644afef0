"""A small opaque copy of an image as plain pixels, for those who look at it."""

from typing import Any

from adapters.vips.loading import checked, decoding, loaded
from adapters.vips.pipeline import Ask, whole

MAX_PIXELS_SHIFT = 16


def small_pixels(data: bytes, number: int, ask: Ask) -> tuple[dict[str, Any], bytes]:
    """`number` holds the most pixels that are decoded and, in its lowest 16 bits, those of the copy's long side."""
    max_pixels, side = number >> MAX_PIXELS_SHIFT, number & (1 << MAX_PIXELS_SHIFT) - 1
    format_, found = checked(data, max_pixels)
    ask(found.memory)
    with decoding(format_):
        image = opaque(whole(loaded(format_, found, side), side))
        pixels = bytes(image.write_to_memory())
    return {"width": image.width, "height": image.height}, pixels


def opaque(image: Any) -> Any:
    """What is transparent lies on white."""
    return image.flatten(background=255).cast("uchar") if image.hasalpha() else image
