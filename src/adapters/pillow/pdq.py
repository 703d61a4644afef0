"""Computes PDQ hashes of images, see `domain.vision.pdq`."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from domain.vision.dihedral import ORIENTATIONS, Orientation
from domain.vision.pdq import MIN_PDQ_QUALITY, Pdq

Levels = NDArray[np.float32]

MAX_SIDE = 512
"""Larger images are scaled down first, as the reference does."""
_SIDE = 64
_FREQUENCIES = 16
_COSINES = (
    np.sqrt(2 / _SIDE)
    * np.cos(np.pi / (2 * _SIDE) * np.outer(np.arange(1, _FREQUENCIES + 1), 2 * np.arange(_SIDE) + 1))
).astype(np.float32)


def pdq_hashes(image: Image.Image) -> tuple[Pdq, ...]:
    """Return the hashes of the eight orientations of an image, that of the image itself first; none if its quality is
    below `MIN_PDQ_QUALITY`. They come from the frequencies, so each is compared with its own median."""
    frequencies, quality = _transform(image)
    if quality < MIN_PDQ_QUALITY:
        return ()
    signs = np.where(np.arange(_FREQUENCIES) % 2 == 0, -1, 1)  # the first frequency is odd
    return tuple(_hash_of(_orient(frequencies, to, signs)) for to in ORIENTATIONS)


def pdq_and_quality(image: Image.Image) -> tuple[Pdq, int]:
    """Return the hash and its quality, 0-100."""
    frequencies, quality = _transform(image)
    return _hash_of(frequencies), quality


def _transform(image: Image.Image) -> tuple[Levels, int]:
    grey = _to_grey(image)
    height, width = grey.shape
    levels: Levels = np.linalg.multi_dot([_averages(height), grey, _averages(width).T])
    return _COSINES @ levels @ _COSINES.T, _quality(levels)


def _orient(frequencies: Levels, to: Orientation, signs: NDArray[np.int64]) -> Levels:
    turned = frequencies * (signs if to.mirrored else 1) * (signs[:, None] if to.flipped else 1)
    return turned.T if to.transposed else turned


def _hash_of(frequencies: Levels) -> Pdq:
    bits = (frequencies > np.partition(frequencies, frequencies.size // 2 - 1, None)[frequencies.size // 2 - 1]).ravel()
    return Pdq(int.from_bytes(np.packbits(bits[::-1]).tobytes()))


def _to_grey(image: Image.Image) -> Levels:
    """Return the brightness, scaled down. Pillow's `L` has the weights of the reference: 0.299, 0.587, 0.114."""
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    grey = image.convert("L")
    grey.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.BILINEAR)
    return np.asarray(grey, dtype=np.float32)


@lru_cache(maxsize=64)
def _averages(length: int) -> Levels:
    """Return the matrix that makes 64 averages, weighted with a tent, of this many levels. The filter of the reference
    is linear and its axes are independent, so two products with this matrix have its result in less time. A tent
    filter is a box filter, applied twice."""
    places = (np.arange(_SIDE) * 2 + 1) * length // (2 * _SIDE)
    every = np.arange(length)
    averages: Levels = _boxes(places, length) @ _boxes(every, length)
    averages.flags.writeable = False
    return averages


def _boxes(places: NDArray[np.int64], length: int) -> Levels:
    """Return the matrix of averages around places, in a window of 1/128 of the length, cut at the ends."""
    window = -(-length // (2 * _SIDE))
    after = (window + 2) // 2
    offsets = np.arange(length) - places[:, None]
    weights = ((offsets < after) & (offsets >= after - window)).astype(np.float32)
    boxes: Levels = weights / weights.sum(axis=1, keepdims=True)
    return boxes


def _quality(levels: Levels) -> int:
    """Return how many visible differences neighbours have, 0-100."""
    steps = sum(int(np.abs(np.trunc(np.diff(levels, axis=axis) * 100 / 255)).sum()) for axis in (0, 1))
    return min(100, steps // 90)
