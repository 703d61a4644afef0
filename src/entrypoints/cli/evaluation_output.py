"""Formats an evaluation as JSON and as text."""

from collections.abc import Iterator, Sequence
from typing import Any

from domain.vision.calibration import BIN_COUNT
from domain.vision.evaluation import Evaluation, Tally, TemperatureResult
from domain.vision.verdicts import VerdictCount
from entrypoints.cli import shapes
from entrypoints.cli.output import clean

Shape = dict[str, Any]


def shape(evaluation: Evaluation) -> Shape:
    return {
        "top1": evaluation.top1,
        "top5": evaluation.top5,
        "count": evaluation.count,
        "model": shapes.model(evaluation.model),
        "served": _result_shape(evaluation.as_served),
        "crossed": _result_shape(evaluation.cross_validated),
        "fitted_temperature": evaluation.fitted_temperature,
        "near_misses": evaluation.near_misses,
        "confusions": [{"truth": it.truth, "seen": it.predicted, "count": it.count} for it in evaluation.confusions],
    }


def verdict(count: VerdictCount) -> Shape:
    return {"key": count.key, "name": count.name, "right": count.right, "wrong": count.wrong}


def _result_shape(result: TemperatureResult) -> Shape:
    error, selections = result.calibration, result.selections
    return {
        "temperatures": list(result.temperatures),
        "calibration_error": error.error,
        "calibration_error_interval": list(error.confidence_interval),
        "calibration_error_if_perfect": {"mean": error.ideal_error, "most": error.ideal_error_p95},
        "shown": {
            "classes": _tally_shape(selections.classes),
            "words": _tally_shape(selections.words),
            "nothing": selections.nothing,
        },
    }


def _tally_shape(tally: Tally) -> Shape:
    return {"count": tally.count, "right": tally.correct}


def text(evaluation: Evaluation) -> str:
    halves = " and ".join(f"{one:.2f}" for one in evaluation.cross_validated.temperatures)
    return "\n".join(
        [
            f"{evaluation.model}, {evaluation.count} images: top-1 {evaluation.top1:.1%}, top-5 {evaluation.top5:.1%}",
            f"At the current temperature, {evaluation.model.temperature:.2f}:",
            *_result_lines(evaluation.as_served),
            f"Cross-validated, each half at the temperature fitted on the other ({halves}):",
            *_result_lines(evaluation.cross_validated),
            f"The best temperature for all images is {evaluation.fitted_temperature:.2f}.",
            *_confusion_lines(evaluation),
        ]
    )


def _result_lines(result: TemperatureResult) -> Iterator[str]:
    error, selections = result.calibration, result.selections
    low, high = error.confidence_interval
    yield (
        f"  expected calibration error {error.error:.1%}, 95% interval {low:.1%} to {high:.1%} "
        f"({BIN_COUNT} bins of equal mass); perfect probabilities would give {error.ideal_error:.1%} on average, "
        f"{error.ideal_error_p95:.1%} at the 95th percentile"
    )
    yield (
        f"  labelled with a class: {_tally_text(selections.classes)}; with a broader word: "
        f"{_tally_text(selections.words)}; without a label: {selections.nothing}"
    )


def _tally_text(tally: Tally) -> str:
    return f"{tally.count} ({tally.correct} correct, {tally.correct / tally.count:.1%})" if tally.count else "0"


def _confusion_lines(evaluation: Evaluation) -> Iterator[str]:
    mistakes = round((1 - evaluation.top1) * evaluation.count)
    if mistakes:
        yield f"{mistakes} errors, {evaluation.near_misses} of them within the narrowest broader word. The others:"
    for pair in evaluation.confusions:
        yield f"  {pair.count:4}  {pair.truth} classified as {pair.predicted}"


def verdicts(counts: Sequence[VerdictCount]) -> str:
    """The owners' verdicts on labels, a line for each label."""
    if not counts:
        return "No owner has given a verdict on a label yet."
    lines = [f"  {it.right:4} right {it.wrong:4} wrong  {clean(it.name)} ({clean(it.key)})" for it in counts]
    return "\n".join(["Owners' verdicts on labels:", *lines])
