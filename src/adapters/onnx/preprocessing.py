"""The preprocessing that the network was trained with: short side to 256 (bilinear), the central 224 × 224, RGB 0 to
1."""

import numpy as np
from numpy.typing import NDArray

from adapters.decoding.pool import DecodingPool
from adapters.decoding.protocol import DecodingTask, Frame
from adapters.decoding.refusals import undecodable_error

SIDE = 224


def image_tensor(pool: DecodingPool, data: bytes, max_pixels: int) -> NDArray[np.float32]:
    """Float32 `[1, 224, 224, 3]`, upright, from an encoded image.

    Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`, `Unavailable`.
    """
    return as_tensor(pool.decode(DecodingTask.NETWORK, max_pixels, data))


def as_tensor(frame: Frame) -> NDArray[np.float32]:
    """Raises `BrokenImage` for an invalid frame."""
    if len(frame.body) != SIDE * SIDE * 3:
        raise undecodable_error()
    pixels = np.frombuffer(frame.body, dtype=np.uint8).reshape(1, SIDE, SIDE, 3)
    return pixels * np.float32(1 / 255)
