"""The eight orientations of an image (four rotations, each also mirrored), and what they do to hashes of frequencies.

Both hashes are bits of a square of DCT frequencies. A mirror image negates every odd frequency of one axis, and a
transposition swaps the axes. So the hashes of all orientations follow from one hash.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product


@dataclass(frozen=True, slots=True)
class Orientation:
    """Mirrored left to right, then top to bottom, then transposed."""

    mirrored: bool
    flipped: bool
    transposed: bool


ORIENTATIONS: Sequence[Orientation] = tuple(
    Orientation(*steps) for steps in product((False, True), (False, True), (False, True))
)


def orient(rows: Sequence[Sequence[bool]], to: Orientation, is_odd: Callable[[int], bool]) -> list[list[bool]]:
    """Return the bits after a change of orientation. `rows[v][h]` is whether the frequency is positive that oscillates
    v-th fastest from top to bottom and h-th fastest from left to right. `is_odd` states which places hold odd
    frequencies."""
    side = range(len(rows))
    changed = [[rows[v][h] ^ (to.mirrored and is_odd(h)) ^ (to.flipped and is_odd(v)) for h in side] for v in side]
    return [[changed[h][v] for h in side] for v in side] if to.transposed else changed
