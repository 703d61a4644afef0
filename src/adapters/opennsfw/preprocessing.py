"""The preprocessing of open_nsfw: the whole image to 256 × 256 (bilinear), the central 224 × 224, compressed as JPEG,
then BGR minus a mean."""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_RESIZED, _SIDE = 256, 224
_MEAN = np.array([104, 117, 123], dtype=np.float32)
"""The mean of the training data, in the order blue, green, red."""


def network_input(image: Image.Image) -> NDArray[np.float32]:
    """Float32 `[1, 224, 224, 3]` from an RGB image, which is not cropped to a square first."""
    margin = (_RESIZED - _SIDE) // 2
    resized = image.resize((_RESIZED, _RESIZED), Image.Resampling.BILINEAR)
    central = resized.crop((margin, margin, margin + _SIDE, margin + _SIDE))
    pixels = np.asarray(_compress(central), dtype=np.float32)[:, :, ::-1]
    return (pixels - _MEAN)[np.newaxis]


def _compress(image: Image.Image) -> Image.Image:
    """Return the image after a JPEG compression, as in the training data. Without it, scores differ by up to 0.4."""
    buffer = BytesIO()
    image.save(buffer, "JPEG")
    return Image.open(buffer)
