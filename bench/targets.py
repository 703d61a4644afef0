"""Targets: a ratio or a number, measured at least five times in one run. A target is met if the worst one meets it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

ROUNDS = 5


@dataclass(frozen=True)
class Target:
    """What was measured in each round, and its limit: at least `limit`, or at most."""

    name: str
    samples: Sequence[float]
    limit: float
    at_most: bool = False

    @property
    def is_met(self) -> bool:
        return max(self.samples) <= self.limit if self.at_most else min(self.samples) >= self.limit

    @property
    def row(self) -> str:
        """Return a row of `TABLE_HEAD`."""
        low, middle, high = min(self.samples), median(self.samples), max(self.samples)
        sign, outcome = "≤" if self.at_most else "≥", "met" if self.is_met else "**missed**"
        return f"| {self.name} | {low:.3g} | {middle:.3g} | {high:.3g} | {sign} {self.limit:.3g} | {outcome} |"


TABLE_HEAD = ("| Measurement | Minimum | Median | Maximum | Target | |", "|---|---|---|---|---|---|")


def table(targets: Sequence[Target]) -> list[str]:
    return [*TABLE_HEAD, *(target.row for target in targets)]


OVERVIEW_HEAD = ("| Workload | Physical limit | Best peer | Tintype | Ratio |", "|---|---|---|---|---|")


@dataclass(frozen=True)
class Comparison:
    """A row of the overview. `ratios` of each round compare Tintype with the limit, or with the peer where no limit was
    measured. The other fields are medians with their unit."""

    workload: str
    tintype: str
    ratios: Sequence[float]
    limit: str = "–"
    peer: str = "–"

    @property
    def row(self) -> str:
        low, middle, high = min(self.ratios), median(self.ratios), max(self.ratios)
        ratio = f"{middle:.2f} ({low:.2f}–{high:.2f})"
        return f"| {self.workload} | {self.limit} | {self.peer} | {self.tintype} | {ratio} |"


def overview(comparisons: Sequence[Comparison]) -> list[str]:
    return [*OVERVIEW_HEAD, *(comparison.row for comparison in comparisons)]


def alternate(
    ours: Callable[[], float], baseline: Callable[[], float], rounds: int = ROUNDS, slices: int = 1
) -> list[float]:
    """Measure both sides in turn and return `ours / baseline` of each round. A round has `slices` of each side, whose
    sums are compared: both sides then share what happens on the machine meanwhile. The side that goes first changes, so
    that neither profits from a machine that slows down."""
    return [_ratio(ours, baseline, range(number, number + slices)) for number in range(rounds)]


def _ratio(ours: Callable[[], float], baseline: Callable[[], float], turns: range) -> float:
    above = below = 0.0
    for turn in turns:
        if turn % 2:
            below += baseline()
            above += ours()
        else:
            above += ours()
            below += baseline()
    return above / below
