"""Computes perceptual hashes of images."""

import math

from PIL import Image

from domain.vision.duplicates import Fingerprint

SIDE = 32
"""The side in pixels of the greyscale copy that is transformed."""
FREQUENCIES = 8
"""The number of frequencies used, in each direction."""
MIN_CONTRAST = 2.0
"""Of 255, between the frequencies: an image with less is as good as empty, and its bits would be noise."""

_COSINES = tuple(
    tuple(math.cos(math.pi * frequency * (2 * position + 1) / (2 * SIDE)) for position in range(SIDE))
    for frequency in range(FREQUENCIES)
)


def fingerprint(image: Image.Image) -> Fingerprint | None:
    """64 bits: the signs of the 8 × 8 lowest frequencies of a 32 × 32 greyscale copy, without the constant one. None
    for an image without features.

    The DCT hash "pHash" (C. Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010), but
    with signs instead of comparisons with the median: of the variants tried, it changes least when an image is cropped.
    """
    strengths = _frequencies(_shrink_to_grey(image))
    strengths[0] = 0.0
    if math.hypot(*strengths) / SIDE < MIN_CONTRAST:
        return None
    return sum(1 << position for position, strength in enumerate(strengths) if strength > 0)


def _shrink_to_grey(image: Image.Image) -> list[list[float]]:
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    small = image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX, reducing_gap=3.0)
    pixels = [float(level) for level in small.tobytes()]
    return [pixels[row * SIDE : (row + 1) * SIDE] for row in range(SIDE)]


def _frequencies(rows: list[list[float]]) -> list[float]:
    """The discrete cosine transform (type II, not normalized), rows first, then columns."""
    across = [[_dot(cosines, row) for row in rows] for cosines in _COSINES]
    return [_dot(cosines, column) for column in across for cosines in _COSINES]


def _dot(one: tuple[float, ...], other: list[float]) -> float:
    """Uses `fsum`: since Python 3.12 `sum` rounds differently, which can flip the sign that is a bit of the hash."""
    return math.fsum(map(float.__mul__, one, other))
