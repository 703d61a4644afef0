"""PDQ hashes: 256 bits that other services understand, for the exchange of lists of known images.

"The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm", Facebook, 2019. Written as in the published
lists: 64 hexadecimal digits.
"""

from typing import NewType

from domain.vision.dihedral import ORIENTATIONS, orient

BITS = 256
MAX_PDQ_DISTANCE = 31
"""The maximum number of differing bits that the authors of PDQ recommend."""
MIN_PDQ_QUALITY = 50
"""Of 100; the authors of PDQ recommend to discard hashes of lower quality. Such an image has hardly any features."""
_SIDE = 16

Pdq = NewType("Pdq", int)


def parse_pdq(text: str) -> Pdq | None:
    """Return the hash that 64 hexadecimal digits state, or None."""
    digits = text.strip().lower()
    if len(digits) != BITS // 4 or set(digits) - set("0123456789abcdef"):
        return None
    return Pdq(int(digits, 16))


def format_pdq(pdq: Pdq) -> str:
    return f"{pdq:064x}"


def pdq_distance(one: Pdq, other: Pdq) -> int:
    """Return the number of differing bits."""
    return (one ^ other).bit_count()


def pdq_orientations(pdq: Pdq) -> tuple[Pdq, ...]:
    """Return the hashes of the image in its eight orientations, the given one first.

    Bits compare frequencies with their median, which is not quite zero, so the derived hashes differ from those of the
    turned image: mostly by fewer bits than `MAX_PDQ_DISTANCE`, but not always (ADR 51).
    """
    # Bit v * 16 + h, and the frequencies begin with 1.
    rows = [[bool(pdq >> (v * _SIDE + h) & 1) for h in range(_SIDE)] for v in range(_SIDE)]
    return tuple(_pdq_of(orient(rows, to, lambda place: place % 2 == 0)) for to in ORIENTATIONS)


def _pdq_of(rows: list[list[bool]]) -> Pdq:
    return Pdq(sum(1 << position for position, bit in enumerate(bit for row in rows for bit in row) if bit))
