"""The transfer characteristics of ITU-T H.273, table 3: between stored levels and linear light."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Levels = NDArray[np.float64]


def to_linear(levels: Levels, transfer: int, gamma: float | None = None) -> Levels:
    """Linear light for levels from 0 to 1. For PQ, 1 is 10,000 cd/m²; for HLG, the scene's peak."""
    if gamma is not None:
        return levels**gamma
    return _TO_LINEAR.get(transfer, _srgb)(levels)


def srgb_levels(linear: NDArray[np.float32]) -> NDArray[np.float32]:
    """The sRGB levels of linear light from 0 to 1 (IEC 61966-2-1)."""
    bright = 1.055 * np.power(np.maximum(linear, 0.0031308), np.float32(1 / 2.4)) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, bright).astype(np.float32)  # noqa: PLR2004 — where both pieces meet


def _piecewise(gamma: float, offset: float, slope: float, edge: float) -> Callable[[Levels], Levels]:
    """A power function, linear for levels below `edge`."""

    def linear(levels: Levels) -> Levels:
        return np.where(levels < edge, levels / slope, ((levels + offset) / (1 + offset)) ** gamma)

    return linear


def _power(gamma: float, scale: float = 1.0) -> Callable[[Levels], Levels]:
    return lambda levels: scale * levels**gamma


def _pq(levels: Levels) -> Levels:
    """SMPTE ST 2084."""
    root = levels ** (32 / 2523)
    return (np.maximum(root - 107 / 128, 0) / (2413 / 128 - 2392 / 128 * root)) ** (8192 / 1305)


def _hlg(levels: Levels) -> Levels:
    """ITU-R BT.2100, table 5: the inverse of the OETF."""
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    return np.where(levels <= 0.5, levels**2 / 3, (np.exp((levels - c) / a) + b) / 12)  # noqa: PLR2004 — from the table


_srgb = _piecewise(2.4, 0.055, 12.92, 0.04045)
_bt_1886 = _power(2.4)
"""Of displays for the video standards, whose own functions are the cameras'. Browsers use it too."""
_TO_LINEAR: dict[int, Callable[[Levels], Levels]] = {
    1: _bt_1886,
    4: _power(2.2),
    5: _power(2.8),
    6: _bt_1886,
    7: _piecewise(1 / 0.45, 0.1115, 4.0, 0.0912),
    8: _power(1.0),
    11: _bt_1886,
    14: _bt_1886,
    15: _bt_1886,
    16: _pq,
    17: _power(2.6, 52.37 / 48),
    18: _hlg,
}
