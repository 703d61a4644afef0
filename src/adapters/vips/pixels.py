"""Produces a small opaque copy of an image as raw pixels."""

from typing import Any

from adapters.vips.loading import check_image, load_image, translate_errors
from adapters.vips.pipeline import RequestMemory, decode_scaled

MAX_PIXELS_SHIFT = 16


def small_pixels(data: bytes, number: int, request_memory: RequestMemory) -> tuple[dict[str, Any], bytes]:
    """`number` holds the maximum number of decoded pixels and, in its lowest 16 bits, the long side of the copy."""
    max_pixels, side = number >> MAX_PIXELS_SHIFT, number & (1 << MAX_PIXELS_SHIFT) - 1
    format_, structure = check_image(data, max_pixels)
    request_memory(structure.memory)
    with translate_errors(format_):
        image = flatten_alpha(decode_scaled(load_image(format_, structure, side), side))
        pixels = bytes(image.write_to_memory())
    return {"width": image.width, "height": image.height}, pixels


def flatten_alpha(image: Any) -> Any:
    """Puts transparent areas on white."""
    return image.flatten(background=255).cast("uchar") if image.hasalpha() else image
