"""HEVC (ITU-T H.265): sizes and colour codes stated by the coded images in HEIF files."""

from collections.abc import Iterator
from contextlib import suppress

from domain.formats.bits import BitReader

_SPS = 33
_MAX_SIZE_BYTES = 256
"""The size is at the beginning of a sequence parameter set."""
_MAX_SPS_BYTES = 4 << 10
"""The longest sequence parameter sets contain scaling lists of about 1,000 numbers."""
_NO_SUBSAMPLING = 3
_OWN_ASPECT_RATIO = 255
_MAX_LIST_NUMBERS = 64
_LARGEST_BLOCKS = 3


def hevc_sizes(configuration: bytes) -> Iterator[tuple[int, int]]:
    """Yield the size from each sequence parameter set of a decoder configuration record (ISO/IEC 14496-15, 8.3.3.1)."""
    for unit in _read_parameter_sets(configuration):
        bits = BitReader(unit[:_MAX_SIZE_BYTES])
        _skip_profile(bits)
        yield _read_size(bits)


def hevc_codes(configuration: bytes) -> tuple[int, int] | None:
    """Return the primaries and transfer characteristics (ITU-T H.273) that the first parameter set states. None if it
    states none, or if its structure is one that encoders of still images do not write."""
    with suppress(ValueError, IndexError):
        for unit in _read_parameter_sets(configuration):
            return _read_codes(BitReader(unit))
    return None


def _read_parameter_sets(configuration: bytes) -> Iterator[bytes]:
    """Yield the content of each sequence parameter set, without emulation prevention (7.4.2)."""
    at = 23
    for _ in range(configuration[22]):
        kind, count = configuration[at] & 0x3F, int.from_bytes(configuration[at + 1 : at + 3])
        at += 3
        for _ in range(count):
            length = int.from_bytes(configuration[at : at + 2])
            if kind == _SPS:
                unit = configuration[at + 4 : at + 2 + min(length, _MAX_SPS_BYTES)]
                yield unit.replace(b"\0\0\x03", b"\0\0")
            at += 2 + length


def _skip_profile(bits: BitReader) -> int:
    """Skip everything before the size (7.3.2.2.1). Return the number of sub-layers after the first."""
    bits.read(4)
    layers = bits.read(3)
    bits.read(1 + 88 + 8)
    present = [(bits.read(1), bits.read(1)) for _ in range(layers)]
    if layers:
        bits.read(2 * (8 - layers))
    for has_profile, has_level in present:
        bits.read(88 * has_profile + 8 * has_level)
    bits.read_exp_golomb()
    if bits.read_exp_golomb() == _NO_SUBSAMPLING:  # may have separate planes
        bits.read(1)
    return layers


def _read_size(bits: BitReader) -> tuple[int, int]:
    return bits.read_exp_golomb(), bits.read_exp_golomb()


def _read_codes(bits: BitReader) -> tuple[int, int] | None:
    layers = _skip_profile(bits)
    _read_size(bits)
    if bits.read(1):  # conformance window
        _skip_numbers(bits, 4)
    _skip_numbers(bits, 2)  # bit depths
    order_bits = bits.read_exp_golomb() + 4
    _skip_numbers(bits, 3 * (layers + 1 if bits.read(1) else 1))
    _skip_numbers(bits, 6)  # sizes and depths of blocks
    if bits.read(1) and bits.read(1):
        _skip_scaling_lists(bits)
    bits.read(2)
    if bits.read(1):  # uncompressed blocks
        bits.read(8)
        _skip_numbers(bits, 2)
        bits.read(1)
    for number in range(bits.read_exp_golomb()):
        _skip_reference_set(bits, number)
    if bits.read(1):  # long-term references
        bits.read((order_bits + 1) * bits.read_exp_golomb())
    bits.read(2)
    return _read_usability_codes(bits) if bits.read(1) else None


def _read_usability_codes(bits: BitReader) -> tuple[int, int] | None:
    """Read the video usability information up to the codes (E.2.1)."""
    if bits.read(1) and bits.read(8) == _OWN_ASPECT_RATIO:
        bits.read(32)
    if bits.read(1):  # overscan
        bits.read(1)
    if not bits.read(1):
        return None
    bits.read(4)
    return (bits.read(8), bits.read(8)) if bits.read(1) else None


def _skip_numbers(bits: BitReader, count: int) -> None:
    for _ in range(count):
        bits.read_exp_golomb()


def _skip_scaling_lists(bits: BitReader) -> None:
    for size in range(_LARGEST_BLOCKS + 1):
        for _ in range(2 if size == _LARGEST_BLOCKS else 6):
            if bits.read(1):
                _skip_numbers(bits, min(_MAX_LIST_NUMBERS, 16 << 2 * size) + (size > 1))
            else:
                bits.read_exp_golomb()


def _skip_reference_set(bits: BitReader, number: int) -> None:
    if number and bits.read(1):
        raise ValueError("a reference set is predicted from another one, which still images do not need")
    for _ in range(bits.read_exp_golomb() + bits.read_exp_golomb()):
        bits.read_exp_golomb()
        bits.read(1)
