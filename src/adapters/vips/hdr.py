"""Tone-maps high dynamic range (PQ and HLG) for standard displays, by the reference white operator of SMPTE ST 2094-50,
as Chromium does."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from adapters.vips import runtime
from adapters.vips.primaries import conversion_matrix
from adapters.vips.transfer import srgb_levels, to_linear
from domain.formats.colour import PQ, Colour, colour_from_codes

WHITE = 203.0
"""cd/m² of diffuse white (ITU-R BT.2408)."""
DEFAULT_PEAK = 1_000.0
"""The peak luminance in cd/m² of a file that states none, and of an HLG display."""
_MIN_PEAK = 1.01
"""The minimum peak in units of diffuse white; a file may state less."""
_PQ_PEAK = 10_000.0
_HLG_GAMMA = 1.2
_BEND = 0.65
"""The position of the curve's middle point, between its first point and the corner above it."""
_ROWS = 64
"""Rows per step, so that no second copy of the whole image in floating point is needed."""
_BT_2020 = colour_from_codes(9, 13)
_LUMINANCE = np.array((0.2627, 0.6780, 0.0593), np.float32)
"""The luminance coefficients of linear BT.2020 (ITU-R BT.2100, table 5)."""

Pixels = NDArray[np.float32]


def tone_map(image: Any, colour: Colour, target: Colour) -> Any:
    """Maps three bands, or four with alpha, to 8-bit sRGB levels with `target`'s primaries."""
    depth = 65_535 if image.format == "ushort" else 255
    curve = to_linear(np.arange(depth + 1) / depth, colour.transfer).astype(np.float32)
    into, out_of = (conversion_matrix(*two).T.astype(np.float32) for two in ((colour, _BT_2020), (_BT_2020, target)))
    peak = max((colour.peak_luminance or DEFAULT_PEAK) / WHITE, _MIN_PEAK)
    pixels = image.numpy()
    result = np.empty(pixels.shape, np.uint8)
    for row in range(0, len(pixels), _ROWS):
        rows = pixels[row : row + _ROWS]
        mapped = _apply_curve(_display_light(curve[rows[:, :, :3]] @ into, colour.transfer), peak) @ out_of
        result[row : row + _ROWS, :, :3] = np.round(srgb_levels(np.clip(mapped, 0, 1)) * 255)
        result[row : row + _ROWS, :, 3:] = rows[:, :, 3:] // ((depth + 1) // 256)  # alpha
    return runtime.Image.new_from_array(result, interpretation="srgb")


def _display_light(pixels: Pixels, transfer: int) -> Pixels:
    """The displayed light in units of diffuse white."""
    if transfer == PQ:
        return pixels * np.float32(_PQ_PEAK / WHITE)
    luminance = np.maximum(pixels @ _LUMINANCE, 0)
    gain: Pixels = np.power(luminance, np.float32(_HLG_GAMMA - 1)) * np.float32(DEFAULT_PEAK / WHITE)
    return pixels * gain[..., None]


def _apply_curve(pixels: Pixels, peak: float) -> Pixels:
    """Scales each pixel, which keeps its hue. The curve is linear up to diffuse white, which becomes half of the
    display's light at the default peak; then a quadratic Bézier curve up to `peak`, which becomes all of it."""
    knee = 1 - 0.5 * min(np.log2(peak) / np.log2(DEFAULT_PEAK / WHITE), 1.0)
    brightest = np.maximum(pixels.max(axis=2, keepdims=True), np.float32(1e-6))
    gain: Pixels = np.full_like(brightest, knee)
    bright = brightest > 1
    gain[bright] = _curve(np.minimum(brightest[bright], peak), knee, peak) / brightest[bright]
    return pixels * gain


def _curve(levels: Pixels, knee: float, peak: float) -> Pixels:
    """The curve for levels above 1."""
    middle = 1 - _BEND + _BEND / knee, (1 - _BEND) * knee + _BEND
    bend, slope = 1 - 2 * middle[0] + peak, 2 * (middle[0] - 1)
    position = 2 * (levels - 1) / (slope + np.sqrt(slope * slope + 4 * bend * (levels - 1)))
    mapped: Pixels = knee + position * (2 * (middle[1] - knee) + position * (knee - 2 * middle[1] + 1))
    return mapped
