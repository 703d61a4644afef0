"""What the network was trained to see: short side to 256 (bilinear), the central 224 × 224, RGB from 0 to 1."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from adapters.pillow.colours import plain
from adapters.pillow.opening import decoding, opened, turning

SIDE = 224
SHORT_SIDE = 256
DRAFT_SIDE = 640
"""A JPEG is decoded at a fraction that leaves at least this, 2.5 times the need; at twice, scores moved by 0.01."""


def tensor(data: bytes, max_pixels: int) -> NDArray[np.float32]:
    """Float32 `[1, 224, 224, 3]`, upright, of an encoded image.

    Raises `BrokenImage`, `UnsupportedImage`, `TooManyPixels`.
    """
    image = opened(data, max_pixels)
    turn = turning(image)
    with decoding():
        if image.format == "JPEG":
            image.draft(None, (DRAFT_SIDE, DRAFT_SIDE))
        image.load()
        small = _short_side_256(plain(image).convert("RGB"))
        upright = small if turn is None else small.transpose(turn)
    return np.asarray(_centre(upright), dtype=np.float32)[np.newaxis] / np.float32(255)


def _short_side_256(image: Image.Image) -> Image.Image:
    """Only the middle matters: a strip of 1 × 20000 pixels must not become one of 256 × 5,120,000."""
    width, height = image.size
    short = min(width, height)
    scale = SHORT_SIDE / short
    if max(width, height) > 4 * short:
        image = _middle(image, 4 * short)
        width, height = image.size
    return image.resize((round(width * scale), round(height * scale)), Image.Resampling.BILINEAR)


def _middle(image: Image.Image, long_side: int) -> Image.Image:
    left = max(0, (image.width - long_side) // 2)
    top = max(0, (image.height - long_side) // 2)
    return image.crop((left, top, image.width - left, image.height - top))


def _centre(image: Image.Image) -> Image.Image:
    left, top = (image.width - SIDE) // 2, (image.height - SIDE) // 2
    return image.crop((left, top, left + SIDE, top + SIDE))
