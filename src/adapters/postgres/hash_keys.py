"""Search keys of perceptual and PDQ hashes, for exact searches by distance and orientation in B-tree indexes.

"Multi-index hashing": M. Norouzi, A. Punjani, D. Fleet, "Fast Search in Hamming Space with Multi-Index Hashing", CVPR
2012. A hash is cut into pieces of 16 bits, each with an index of its own. If two hashes differ in few bits, at least
one pair of pieces differs in so few that all near values of a piece are looked up: for 10 of 64 bits as in
`duplicates.py`, and for 31 of 256 bits at most one in some of the sixteen pieces (otherwise there would be at least
16 × 2).

A mirror image negates every odd frequency of one axis. A piece holds only frequencies that are odd or even in the same
axes, so it stays as it is or all its bits change, and both have the same key. So eight orientations need the lookups
of two.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

QUARTERS = {1: 48, 2: 32, 3: 16, 4: 0}
"""The four 16-bit quarters of a fingerprint, and the right shift of each."""
PIECE = 16
PERCEPTUAL_RADII = (1, 2, 2, 2)
"""The number of bits in which each piece of a perceptual hash may differ."""
PDQ_RADII = (1,) * 16
PLACES = range(len(PDQ_RADII))
_SIDES = {PERCEPTUAL_RADII: 8, PDQ_RADII: 16}
"""Hashes are squares of bits."""
_ALL_BITS = (1 << PIECE) - 1
_CHANGES = {
    radius: [sum(1 << bit for bit in bits) for count in range(radius + 1) for bits in combinations(range(PIECE), count)]
    for radius in (1, 2)
}


def stored_keys(number: int, radii: tuple[int, ...]) -> list[int]:
    """Return the keys under which a hash is stored, one for each piece."""
    first = _first_key(radii)
    return [first + _key(piece) for piece in _pieces(number, _SIDES[radii])]


def near_keys(numbers: Sequence[int], radii: tuple[int, ...]) -> list[list[int]]:
    """Return for each piece the keys of all hashes that may be near one of these."""
    first, side = _first_key(radii), _SIDES[radii]
    places = zip(*(_pieces(number, side) for number in numbers), strict=True)
    return [
        [first + key for key in _near(set(map(_key, pieces)), radius)]
        for pieces, radius in zip(places, radii, strict=True)
    ]


def _near(keys: set[int], radius: int) -> set[int]:
    return {_key(key ^ change) for key in keys for change in _CHANGES[radius]}


def _key(piece: int) -> int:
    return min(piece, piece ^ _ALL_BITS)


def _first_key(radii: tuple[int, ...]) -> int:
    """Return the lowest key: the two kinds of hashes share no keys."""
    return 0 if radii == PERCEPTUAL_RADII else 1 << PIECE


def _pieces(number: int, side: int) -> Iterator[int]:
    bits = f"{number:0{side * side}b}"
    rows = [bits[start : start + side] for start in range(0, len(bits), side)]
    sorted_bits = "".join(row[odd::2] for odd_row in (0, 1) for odd in (0, 1) for row in rows[odd_row::2])
    return (int(sorted_bits[start : start + PIECE], 2) for start in range(0, len(bits), PIECE))
