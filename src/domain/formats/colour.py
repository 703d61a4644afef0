"""Colour information of files without an ICC profile."""

import struct
from dataclasses import dataclass

Chromaticity = tuple[float, float]
"""CIE 1931 x and y."""

_D65 = (0.3127, 0.3290)
_ILLUMINANT_C = (0.310, 0.316)
_BT_709 = (_D65, (0.640, 0.330), (0.300, 0.600), (0.150, 0.060))
_SMPTE_170M = (_D65, (0.630, 0.340), (0.310, 0.595), (0.155, 0.070))
DISPLAY_P3 = (_D65, (0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
_PRIMARIES: dict[int, tuple[Chromaticity, Chromaticity, Chromaticity, Chromaticity]] = {
    1: _BT_709,
    4: (_ILLUMINANT_C, (0.67, 0.33), (0.21, 0.71), (0.14, 0.08)),
    5: (_D65, (0.64, 0.33), (0.29, 0.60), (0.15, 0.06)),
    6: _SMPTE_170M,
    7: _SMPTE_170M,
    8: (_ILLUMINANT_C, (0.681, 0.319), (0.243, 0.692), (0.145, 0.049)),
    9: (_D65, (0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    10: ((1 / 3, 1 / 3), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)),
    11: ((0.314, 0.351), (0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
    12: DISPLAY_P3,
    22: (_D65, (0.630, 0.340), (0.295, 0.605), (0.155, 0.077)),
}
"""White, red, green and blue from ITU-T H.273, table 2."""
PQ, HLG = 16, 18
_SRGB = 13
SUPPORTED_TRANSFERS = frozenset({1, 4, 5, 6, 7, 8, 11, _SRGB, 14, 15, PQ, 17, HLG})
"""The transfer codes that are converted."""
_GAMMA_OF_SRGB = (45_455).to_bytes(4)


@dataclass(frozen=True, slots=True)
class Colour:
    """Colour information. `transfer` is a code of ITU-T H.273, table 3. A `gamma` takes precedence: light is the stored
    value to its power."""

    transfer: int = _SRGB
    primaries: tuple[Chromaticity, Chromaticity, Chromaticity, Chromaticity] = _BT_709
    gamma: float | None = None
    peak_luminance: int | None = None
    """The brightest pixel in cd/m², if the file states it."""

    @property
    def is_hdr(self) -> bool:
        return self.gamma is None and self.transfer in {PQ, HLG}

    @property
    def is_display_p3(self) -> bool:
        return self.primaries == DISPLAY_P3


def colour_from_codes(primaries: int, transfer: int, peak: int = 0) -> Colour:
    """Return the colour for codes of ITU-T H.273. Unknown and unspecified codes mean sRGB, as in browsers."""
    known = transfer if transfer in SUPPORTED_TRANSFERS else _SRGB
    return Colour(known, _PRIMARIES.get(primaries, _BT_709), peak_luminance=peak or None)


def are_known(primaries: int, transfer: int) -> bool:
    """Whether both codes are known. Otherwise browsers ignore the whole `cICP` of a PNG."""
    return primaries in _PRIMARIES and transfer in SUPPORTED_TRANSFERS


def colour_from_png_chunks(gamma: bytes | None, chromaticities: bytes | None) -> Colour | None:
    """Return the colour from `gAMA` and `cHRM`, or None if they are unusable or mean sRGB. Browsers ignore `cHRM`
    alone, and treat sRGB's gamma alone as sRGB."""
    exponent = _read_gamma(gamma)
    points = _read_chromaticities(chromaticities)
    if exponent is None or (points is None and gamma == _GAMMA_OF_SRGB):
        return None
    return Colour(primaries=points or _BT_709, gamma=exponent)


def _read_gamma(chunk: bytes | None) -> float | None:
    stored = int.from_bytes(chunk) if chunk is not None and len(chunk) == 4 else 0  # noqa: PLR2004 — the size of gAMA
    return 100_000 / stored if 10_000 <= stored <= 1_000_000 else None  # noqa: PLR2004 — a power of 0.1 to 10


def _read_chromaticities(chunk: bytes | None) -> tuple[Chromaticity, Chromaticity, Chromaticity, Chromaticity] | None:
    """Return the chromaticities; None if they span no colours."""
    if chunk is None or len(chunk) != 32:  # noqa: PLR2004 — the size of cHRM
        return None
    white, red, green, blue = ((x / 100_000, y / 100_000) for x, y in struct.iter_unpack(">II", chunk))
    area = (green[0] - red[0]) * (blue[1] - red[1]) - (blue[0] - red[0]) * (green[1] - red[1])
    is_usable = abs(area) > 0.01 and all(0 <= x <= 1 and 0 < y <= 1 for x, y in (white, red, green, blue))  # noqa: PLR2004
    return (white, red, green, blue) if is_usable else None
