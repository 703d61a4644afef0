"""Writes ICC profiles for files that state their colours differently, and inspects profiles (ICC.1:2022)."""

import struct
from functools import lru_cache

import numpy as np

from adapters.vips.primaries import D50, to_xyz
from adapters.vips.transfer import to_linear
from domain.formats.colour import DISPLAY_P3, Colour

_STEPS = 16 * 255 + 1
"""Points of a curve; every 8-bit level is one of them."""
_HEADER_SIZE = 128
_TAG = struct.Struct(">4sII")
_XYZ = struct.Struct(">4s4x3i")
_ONE = 1 << 16
_TOLERANCE = 0.003
_MAX_SRGB_PROFILE = 16 << 10
"""Bytes. Profiles of sRGB have half a kilobyte to three."""
_SRGB_FUNCTION = 3
_LEVELS = np.linspace(0, 1, 256)
_SRGB_CURVE = to_linear(_LEVELS, Colour().transfer, Colour().gamma)


def build_profile(colour: Colour) -> bytes:
    """A profile of a matrix and one curve."""
    points = np.clip(to_linear(np.linspace(0, 1, _STEPS), colour.transfer, colour.gamma), 0, 1)
    curve = struct.pack(">4s4xI", b"curv", _STEPS) + np.round(points * 65_535).astype(">u2").tobytes()
    corners = {name: _xyz(column) for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), to_xyz(colour).T, strict=True)}
    text = b"desc" + bytes(4) + struct.pack(">I", 1) + bytes(79)
    tags = {b"desc": text, b"wtpt": _xyz(D50), **corners, b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    return _serialize(tags)


def is_grey(profile: bytes) -> bool:
    return profile[16:20] == b"GRAY"


def is_display_p3(profile: bytes) -> bool:
    """Whether the profile has the primaries of Display P3, regardless of its curves."""
    expected = to_xyz(Colour(primaries=DISPLAY_P3)).T
    primaries = [_read_primary(profile, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    return all(
        corner is not None and bool(np.all(np.abs(corner - column) < _TOLERANCE))
        for corner, column in zip(primaries, expected, strict=True)
    )


def is_srgb(profile: bytes) -> bool:
    """Whether the profile has the primaries and, within half a level, the curves of sRGB. Converting from it would
    change nothing, and takes longer than decoding a photograph."""
    return len(profile) <= _MAX_SRGB_PROFILE and _is_small_srgb(profile)


@lru_cache(maxsize=16)
def _is_small_srgb(profile: bytes) -> bool:
    if profile[16:20] != b"RGB " or _find_tag(profile, b"A2B0") is not None:
        return False
    expected = to_xyz(Colour()).T
    primaries = [_read_primary(profile, name) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    curves = [_read_curve(profile, name) for name in (b"rTRC", b"gTRC", b"bTRC")]
    return all(
        corner is not None and bool(np.all(np.abs(corner - column) < _TOLERANCE))
        for corner, column in zip(primaries, expected, strict=True)
    ) and all(curve is not None and np.allclose(curve, _SRGB_CURVE, rtol=5e-3, atol=2e-4) for curve in curves)


def _serialize(tags: dict[bytes, bytes]) -> bytes:
    """Tags with equal content share its bytes."""
    start = _HEADER_SIZE + 4 + _TAG.size * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    offsets: dict[bytes, int] = {}
    for name, content in tags.items():
        if content not in offsets:
            offsets[content] = start + len(body)
            body += content + bytes(-len(content) % 4)
        table += _TAG.pack(name, offsets[content], len(content))
    head = struct.pack(
        ">I4xI4s4s4s12x4s4x4x4x4x8xI12x48x", start + len(body), 0x02_40_0000, b"mntr", b"RGB ", b"XYZ ", b"acsp", 0
    )
    return head[:68] + _xyz(D50)[8:] + head[80:] + table + body


def _xyz(values: np.ndarray) -> bytes:
    return _XYZ.pack(b"XYZ ", *(round(float(value) * _ONE) for value in values))


def _read_primary(profile: bytes, name: bytes) -> np.ndarray | None:
    at = _find_tag(profile, name)
    try:
        return None if at is None else np.array(_XYZ.unpack_from(profile, at)[1:]) / _ONE
    except struct.error:
        return None


def _read_curve(profile: bytes, name: bytes) -> np.ndarray | None:
    """The linear values of the 8-bit levels, from a table or from the function that profiles of sRGB have."""
    at = _find_tag(profile, name)
    try:
        if at is None:
            return None
        if profile[at : at + 4] == b"curv":
            (count,) = struct.unpack_from(">I", profile, at + 8)
            points = np.frombuffer(profile, ">u2", count, at + 12) / 65_535
            return np.interp(_LEVELS, np.linspace(0, 1, count), points) if count > 1 else None
        if profile[at : at + 4] != b"para" or struct.unpack_from(">H", profile, at + 8) != (_SRGB_FUNCTION,):
            return None
        gamma, a, b, c, d = (number / _ONE for number in struct.unpack_from(">5i", profile, at + 12))
    except (struct.error, ValueError):
        return None
    with np.errstate(all="ignore"):  # damaged numbers give no sRGB
        curve: np.ndarray = np.where(d <= _LEVELS, np.maximum(a * _LEVELS + b, 0) ** gamma, c * _LEVELS)
    return curve


def _find_tag(profile: bytes, name: bytes) -> int | None:
    try:
        (count,) = struct.unpack_from(">I", profile, _HEADER_SIZE)
        for number in range(min(count, 100)):
            tag, at, _ = _TAG.unpack_from(profile, _HEADER_SIZE + 4 + _TAG.size * number)
            if tag == name:
                return int(at)
    except struct.error:
        pass
    return None
