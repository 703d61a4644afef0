"""AV1: sizes and colour codes stated by the coded images in HEIF files."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.formats.bits import BitReader

_MAX_HEADER_BYTES = 256
_SEQUENCE_HEADER = 1


@dataclass(frozen=True, slots=True)
class Coded:
    """A coded image. `codes`: primaries and transfer characteristics of ITU-T H.273, if stated."""

    size: tuple[int, int]
    codes: tuple[int, int] | None = None


def av1_headers(obus: bytes) -> Iterator[Coded]:
    """Yield one entry for each sequence header in the open bitstream units (AV1 bitstream specification, 5.3 to
    5.5)."""
    at = 0
    while at < len(obus):
        kind, extended, sized = obus[at] >> 3 & 0x0F, obus[at] >> 2 & 1, obus[at] >> 1 & 1
        at += 1 + extended
        length, at = _read_leb128(obus, at) if sized else (len(obus) - at, at)
        if kind == _SEQUENCE_HEADER:
            yield _av1_header(BitReader(obus[at : at + min(length, _MAX_HEADER_BYTES)]))
        at += length


def _read_leb128(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 56, 7):
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
    return value, at


def _av1_header(bits: BitReader) -> Coded:
    profile = bits.read(3)
    bits.read(1)  # still image
    is_reduced = bool(bits.read(1))
    if is_reduced:
        bits.read(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    size = bits.read(width_bits) + 1, bits.read(height_bits) + 1
    _skip_tools(bits, is_reduced)
    return Coded(size, _av1_codes(bits, profile))


def _skip_tools(bits: BitReader, is_reduced: bool) -> None:
    if is_reduced:
        bits.read(6)
        return
    if bits.read(1):  # frame ids
        bits.read(7)
    bits.read(7)
    has_order = bits.read(1)
    bits.read(2 * has_order)
    screen_content = bits.read(1) or bits.read(1)
    if screen_content and not bits.read(1):
        bits.read(1)
    bits.read(3 * has_order + 3)


def _av1_codes(bits: BitReader, profile: int) -> tuple[int, int] | None:
    has_high_depth = bits.read(1)
    if profile == 2 and has_high_depth:  # noqa: PLR2004 — the profile with twelve bits
        bits.read(1)
    if profile != 1:  # never grey
        bits.read(1)
    return (bits.read(8), bits.read(8)) if bits.read(1) else None


def _skip_operating_points(bits: BitReader) -> None:
    delay_bits = 0
    has_decoder_model = 0
    if bits.read(1):  # timing
        bits.read(64)
        if bits.read(1):  # equal images
            bits.read_exp_golomb()
        has_decoder_model = bits.read(1)
        if has_decoder_model:
            delay_bits = bits.read(5) + 1
            bits.read(42)
    has_display_delay = bits.read(1)
    for _ in range(bits.read(5) + 1):
        bits.read(12)
        if bits.read(5) > 7:  # noqa: PLR2004 — levels from 4.0 on have a tier
            bits.read(1)
        if has_decoder_model and bits.read(1):
            bits.read(2 * delay_bits + 1)
        if has_display_delay and bits.read(1):
            bits.read(4)
