"""Formats an evaluation as JSON and as text."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.vision.calibration import BIN_COUNT
from domain.vision.evaluation import Evaluation, Tally, TemperatureResult
from domain.vision.verdicts import VerdictCount
from entrypoints.cli import shapes
from entrypoints.cli.output import clean

Shape = dict[str, Any]


def shape(found: Evaluation) -> Shape:
    return {
        "top1": found.top1,
        "top5": found.top5,
        "count": found.count,
        "model": shapes.model(found.model),
        "served": _judged_shape(found.as_served),
        "crossed": _judged_shape(found.cross_validated),
        "fitted_temperature": found.fitted_temperature,
        "near_misses": found.near_misses,
        "confusions": [{"truth": it.truth, "seen": it.predicted, "count": it.count} for it in found.confusions],
    }


def verdict(count: VerdictCount) -> Shape:
    return {"key": count.key, "name": count.name, "right": count.right, "wrong": count.wrong}


def _judged_shape(found: TemperatureResult) -> Shape:
    error, shown = found.calibration, found.selections
    return {
        "temperatures": list(found.temperatures),
        "calibration_error": error.error,
        "calibration_error_interval": list(error.confidence_interval),
        "calibration_error_if_perfect": {"mean": error.ideal_error, "most": error.ideal_error_p95},
        "shown": {"classes": _hits_shape(shown.classes), "words": _hits_shape(shown.words), "nothing": shown.nothing},
    }


def _hits_shape(found: Tally) -> Shape:
    return {"count": found.count, "right": found.correct}


def text(found: Evaluation) -> str:
    halves = " and ".join(f"{one:.2f}" for one in found.cross_validated.temperatures)
    return "\n".join(
        [
            f"top-1 {found.top1:.1%}, top-5 {found.top5:.1%} of {found.count} pictures, by {found.model}",
            f"At temperature {found.model.temperature:.2f}, the one in use:",
            *_judged_lines(found.as_served),
            f"Each half at the temperature that was fitted on the other ({halves}):",
            *_judged_lines(found.cross_validated),
            f"Of all pictures the best temperature is {found.fitted_temperature:.2f}.",
            *_confusion_lines(found),
        ]
    )


def _judged_lines(found: TemperatureResult) -> Iterator[str]:
    error, shown = found.calibration, found.selections
    low, high = error.confidence_interval
    yield (
        f"  expected calibration error {error.error:.1%}, 95% interval {low:.1%} to {high:.1%} "
        f"({BIN_COUNT} bins of equal mass); perfect probabilities would show {error.ideal_error:.1%}, "
        f"and 95 times in 100 at most {error.ideal_error_p95:.1%}"
    )
    yield (
        f"  shown with a class: {_hits_text(shown.classes)}; with a broader word: {_hits_text(shown.words)}; "
        f"with nothing: {shown.nothing}"
    )


def _hits_text(hits: Tally) -> str:
    return f"{hits.count}, {hits.correct} of them rightly ({hits.correct / hits.count:.1%})" if hits.count else "0"


def _confusion_lines(found: Evaluation) -> Iterator[str]:
    mistakes = round((1 - found.top1) * found.count)
    if mistakes:
        yield f"Of {mistakes} mistakes {found.near_misses} stay within the narrowest word of the truth. The others:"
    for pair in found.confusions:
        yield f"  {pair.count:4}  {pair.truth} taken for {pair.predicted}"


def verdicts(counts: Sequence[VerdictCount]) -> str:
    """What owners say of the labels, a line for each."""
    if not counts:
        return "No owner has judged a label yet."
    lines = [f"  {it.right:4} right {it.wrong:4} wrong  {clean(it.name)} ({clean(it.key)})" for it in counts]
    return "\n".join(["What owners say of the labels:", *lines])
