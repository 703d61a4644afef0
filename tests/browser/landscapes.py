"""Images for browser tests and screenshots: generated landscapes, different for every seed."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image

Pixels = NDArray[np.float64]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Light:
    """The colours of a time of day: the sky at the top and at the horizon, the sun, and the nearest ridge."""

    above: Colour
    horizon: Colour
    sun: Colour
    near: Colour


DUSK = Light((44, 38, 82), (246, 158, 104), (255, 224, 168), (34, 22, 44))
NOON = Light((86, 150, 206), (218, 234, 238), (255, 250, 230), (38, 74, 62))
NIGHT = Light((10, 14, 34), (44, 60, 104), (240, 238, 222), (6, 9, 20))
DAWN = Light((120, 150, 190), (250, 214, 200), (255, 240, 214), (66, 56, 84))
DESERT = Light((96, 158, 190), (250, 222, 170), (255, 246, 214), (150, 70, 34))
LIGHTS = (DUSK, NOON, DAWN, NIGHT, DESERT)


def landscape(seed: int, width: int = 1200, height: int = 900) -> bytes:
    """A JPEG of ridges below a sky."""
    rng = np.random.default_rng(seed)
    light = LIGHTS[seed % len(LIGHTS)]
    pixels = _sky(light, width, height, rng)
    for depth in np.linspace(0.15, 1.0, 5):
        _ridge(pixels, light, depth, rng)
    pixels += rng.normal(0, 3, pixels.shape)  # grain
    buffer = BytesIO()
    Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _sky(light: Light, width: int, height: int, rng: Generator) -> Pixels:
    down = np.linspace(0, 1, height)[:, None, None] ** 0.8
    pixels = np.broadcast_to(_mix(light.above, light.horizon, down), (height, width, 3)).copy()
    rows, columns = np.mgrid[0:height, 0:width]
    centre_x, centre_y = width * rng.uniform(0.25, 0.75), height * rng.uniform(0.22, 0.42)
    far = np.hypot(columns - centre_x, rows - centre_y)
    radius = min(width, height) * rng.uniform(0.05, 0.09)
    glow = np.exp(-((far / (radius * 4)) ** 2))[..., None] * 0.55
    disc = np.clip(radius - far, 0, 1)[..., None]
    return _mix(_mix(pixels, light.sun, glow), light.sun, disc)


def _ridge(pixels: Pixels, light: Light, depth: float, rng: Generator) -> None:
    """Nearer ridges are darker, lower and rougher."""
    height, width, _ = pixels.shape
    across = np.linspace(0, 2 * np.pi, width)
    waves = sum(
        rng.uniform(0.4, 1) / octave * np.sin(across * octave * rng.uniform(0.5, 1.2) + rng.uniform(0, 6))
        for octave in (1, 2, 4, 9, 17)
    )
    top = height * (0.42 + 0.46 * depth) - height * 0.07 * waves
    below = np.arange(height)[:, None] - top[None, :]
    colour = _mix(light.horizon, light.near, depth**0.7)
    mist = np.clip(below / (height * 0.5), 0, 1)[..., None] * 0.35
    body = _mix(np.broadcast_to(colour, pixels.shape), light.horizon, mist * (1 - depth))
    cover = np.clip(below, 0, 1)[..., None]
    pixels[:] = pixels * (1 - cover) + body * cover


def _mix(one: Pixels | Colour, other: Pixels | Colour, share: Pixels | float) -> Pixels:
    start, end = np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64)
    return start * (1 - share) + end * share
