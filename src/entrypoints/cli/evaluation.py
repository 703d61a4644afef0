"""What an evaluation found, as JSON and in sentences."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.calibration import BINS
from domain.evaluation import Evaluation, Hits, Judged
from domain.verdicts import VerdictCount
from entrypoints.cli import shapes
from entrypoints.cli.output import clean

Shape = dict[str, Any]


def shape(found: Evaluation) -> Shape:
    return {
        "top1": found.top1,
        "top5": found.top5,
        "count": found.count,
        "model": shapes.model(found.model),
        "served": _judged(found.served),
        "crossed": _judged(found.crossed),
        "fitted_temperature": found.fitted,
        "near_misses": found.near_misses,
        "confusions": [{"truth": it.truth, "seen": it.seen, "count": it.count} for it in found.confusions],
    }


def verdict(count: VerdictCount) -> Shape:
    return {"key": count.key, "name": count.name, "right": count.right, "wrong": count.wrong}


def _judged(found: Judged) -> Shape:
    error, shown = found.calibration, found.shown
    return {
        "temperatures": list(found.temperatures),
        "calibration_error": error.error,
        "calibration_error_interval": list(error.interval),
        "calibration_error_if_perfect": {"mean": error.perfect, "most": error.perfect_most},
        "shown": {"classes": _hits(shown.classes), "words": _hits(shown.words), "nothing": shown.nothing},
    }


def _hits(found: Hits) -> Shape:
    return {"count": found.count, "right": found.right}


def text(found: Evaluation) -> str:
    halves = " and ".join(f"{one:.2f}" for one in found.crossed.temperatures)
    return "\n".join(
        [
            f"top-1 {found.top1:.1%}, top-5 {found.top5:.1%} of {found.count} pictures, by {found.model}",
            f"At temperature {found.model.temperature:.2f}, the one in use:",
            *_told(found.served),
            f"Each half at the temperature that was fitted on the other ({halves}):",
            *_told(found.crossed),
            f"Of all pictures the best temperature is {found.fitted:.2f}.",
            *_confused(found),
        ]
    )


def _told(found: Judged) -> Iterator[str]:
    error, shown = found.calibration, found.shown
    low, high = error.interval
    yield (
        f"  expected calibration error {error.error:.1%}, 95% interval {low:.1%} to {high:.1%} "
        f"({BINS} bins of equal mass); perfect probabilities would show {error.perfect:.1%}, "
        f"and 95 times in 100 at most {error.perfect_most:.1%}"
    )
    yield (
        f"  shown with a class: {_of(shown.classes)}; with a broader word: {_of(shown.words)}; "
        f"with nothing: {shown.nothing}"
    )


def _of(hits: Hits) -> str:
    return f"{hits.count}, {hits.right} of them rightly ({hits.right / hits.count:.1%})" if hits.count else "0"


def _confused(found: Evaluation) -> Iterator[str]:
    mistakes = round((1 - found.top1) * found.count)
    if mistakes:
        yield f"Of {mistakes} mistakes {found.near_misses} stay within the narrowest word of the truth. The others:"
    for pair in found.confusions:
        yield f"  {pair.count:4}  {pair.truth} taken for {pair.seen}"


def verdicts(counts: Sequence[VerdictCount]) -> str:
    """What owners say of the labels, a line for each."""
    if not counts:
        return "No owner has judged a label yet."
    lines = [f"  {it.right:4} right {it.wrong:4} wrong  {clean(it.name)} ({clean(it.key)})" for it in counts]
    return "\n".join(["What owners say of the labels:", *lines])
