"""Decodes a small copy of an upload to a Pillow image, in a decoding process."""

from PIL import Image

from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import DecodingTask
from adapters.decoding.refusals import undecodable_error

_SIDE_BITS = 16


def small_image(pool: DecodingPool, data: bytes, max_pixels: int, side: int) -> Image.Image:
    """RGB, upright, on white, with a long side of at most `side` pixels. Blocking.

    Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `Unavailable`.
    """
    frame = pool.decode(DecodingTask.PIXELS, max_pixels << _SIDE_BITS | side, data)
    try:
        size = int(frame.head["width"]), int(frame.head["height"])
    except (KeyError, TypeError, ValueError) as fault:
        raise undecodable_error() from fault
    if min(size) < 1 or max(size) > side or len(frame.body) != size[0] * size[1] * 3:
        raise undecodable_error()
    return Image.frombytes("RGB", size, frame.body)
