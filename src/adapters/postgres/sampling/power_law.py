"""Random choice of users and posts by a power law, equal for equal seeds."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Indices: TypeAlias = NDArray[np.int64]

_POWER_LAW_ROUNDS = 24
"""Number of attempts after which the remaining pairs are drawn evenly. In small populations a power law repeats the
same ones."""


class Population:
    """A population of `count`. The k-th most popular member is drawn with a probability proportional to `k **
    -exponent` (Zipf's law; at 1 the second is half as popular as the first). Popularity is shuffled."""

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
    """Return `number` different pairs. With `distinct`, both members of a pair differ."""
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
    """Remove the pairs that exceed `most` for a member of `ones`, which are sorted."""
    starts = np.searchsorted(ones, ones, side="left")
    keep = np.arange(len(ones)) - starts < most
    return ones[keep], others[keep]
