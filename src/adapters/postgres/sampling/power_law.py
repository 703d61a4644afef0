"""Who posts, follows and likes: indices drawn by a power law, the same for the same seed."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]

_POWER_LAW_ROUNDS = 24
"""After which the rest of the pairs is drawn evenly: among few, a power law names the same ones again and again."""


class Population:
    """`count` of something, the k-th most popular of which is drawn with a probability in proportion to
    `k ** -exponent` (Zipf's law; at 1 the second is half as popular as the first). Who is popular is shuffled."""

    def __init__(self, generator: Any, count: int, exponent: float) -> None:
        self._generator = generator
        self._share = np.cumsum(np.arange(1, count + 1, dtype=np.float64) ** -exponent)
        self._shuffled = generator.permutation(count)

    def draw(self, number: int) -> Indices:
        at = np.searchsorted(self._share, self._generator.random(number) * self._share[-1])
        drawn: Indices = self._shuffled[np.minimum(at, len(self._shuffled) - 1)]
        return drawn

    def draw_evenly(self, number: int) -> Indices:
        drawn: Indices = self._generator.integers(0, len(self._shuffled), number)
        return drawn

    def __len__(self) -> int:
        return len(self._shuffled)


def draw_pairs(
    generator: Any, ones: Population, others: Population, number: int, distinct: bool = False
) -> tuple[Indices, Indices]:
    """`number` different pairs; with `apart`, nobody with themselves."""
    found = np.empty(0, dtype=np.int64)
    for turn in range(10 * _POWER_LAW_ROUNDS):
        if len(found) >= number:
            break
        missing = number - len(found) + 16
        draw = (ones.draw, others.draw) if turn < _POWER_LAW_ROUNDS else (ones.draw_evenly, others.draw_evenly)
        one, other = (drawn(missing) for drawn in draw)
        keep = one != other if distinct else slice(None)
        found = np.unique(np.concatenate([found, one[keep] * len(others) + other[keep]]))
    chosen = np.sort(generator.permutation(found)[:number])
    return chosen // len(others), chosen % len(others)


def cap_per_user(ones: Indices, others: Indices, most: int) -> tuple[Indices, Indices]:
    """Without what anybody of `ones`, which stand in order, has beyond `most`."""
    starts = np.searchsorted(ones, ones, side="left")
    keep = np.arange(len(ones)) - starts < most
    return ones[keep], others[keep]
