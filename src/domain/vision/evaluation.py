"""Evaluation of a classifier on labelled images: accuracy, calibration and confusions."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

from domain.vision import CLASS_COUNT, Label, Model, Prediction
from domain.vision.calibration import (
    Bin,
    Calibration,
    Guess,
    LabelledScores,
    apply_temperature,
    bin_guesses,
    fit_temperature,
    measure_calibration,
)
from domain.vision.label_selection import select_labels

SEED = 20_170_806
"""A fixed seed: equal images give equal intervals."""
MAX_CONFUSIONS = 10


@dataclass(frozen=True, slots=True)
class Tally:
    """The number of images, and of correct ones among them."""

    count: int = 0
    correct: int = 0


@dataclass(frozen=True, slots=True)
class SelectionCounts:
    """The labels that the images would be displayed with: a class, a broader word (correct if the true class has it),
    or none."""

    classes: Tally
    words: Tally
    nothing: int


@dataclass(frozen=True, slots=True)
class TemperatureResult:
    """The results at one temperature, or at one for each part of the images: `temperatures`."""

    temperatures: tuple[float, ...]
    calibration: Calibration
    bins: tuple[Bin, ...]
    selections: SelectionCounts


@dataclass(frozen=True, slots=True)
class Confusion:
    """The number of images of `truth` that were classified as `predicted`. Both are the narrowest word of a class,
    otherwise its name."""

    truth: str
    predicted: str
    count: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results for `count` images. `top1` and `top5` are the shares (0-1) whose true class is first, or among the
    first five.

    `as_served` is the model as it runs. `fitted_temperature` suits all these images. Measured on the images that it was
    fitted on, it would look too good; `cross_validated` therefore measures each half at the temperature fitted on the
    other half. `near_misses` are mistakes whose narrowest word is correct. The other mistakes are `confusions`, most
    frequent first.
    """

    model: Model
    count: int
    top1: float
    top5: float
    as_served: TemperatureResult
    fitted_temperature: float
    cross_validated: TemperatureResult
    near_misses: int
    confusions: tuple[Confusion, ...]


class Evaluator:
    """Collects predictions of labelled images; it keeps 1,000 numbers of each."""

    def __init__(self) -> None:
        self._classes: dict[int, Label] = {}
        self._samples: list[LabelledScores] = []
        self._model: Model | None = None

    def add(self, prediction: Prediction, truth: int) -> None:
        """Add a prediction with all classes of the model. `truth` is the index of the true class, 0-999."""
        self._model = prediction.model
        scores = array("d", bytes(8 * CLASS_COUNT))
        for label in prediction.labels:
            if label.class_index is not None:
                self._classes.setdefault(label.class_index, label)
                scores[label.class_index] = label.score
        self._samples.append(LabelledScores(scores, truth))

    def evaluate(self) -> Evaluation | None:
        """Return the results; None without predictions."""
        if self._model is None:
            return None
        samples, served = self._samples, self._model.temperature
        halves = (fit_temperature(samples[1::2]), fit_temperature(samples[::2]))
        crossed = [halves[position % 2] for position in range(len(samples))]
        misses = [
            (self._narrowest_word(it.truth), self._narrowest_word(_best_class(it.scores)))
            for it in samples
            if _rank_of_truth(it) > 0
        ]
        confused = Counter(pair for pair in misses if pair[0] != pair[1])
        return Evaluation(
            model=self._model,
            count=len(samples),
            top1=sum(_rank_of_truth(it) == 0 for it in samples) / len(samples),
            top5=sum(_rank_of_truth(it) < 5 for it in samples) / len(samples),  # noqa: PLR2004 — as its name says
            as_served=self._evaluate_at((served,), [served] * len(samples)),
            fitted_temperature=fit_temperature(samples),
            cross_validated=self._evaluate_at(halves, crossed),
            near_misses=len(misses) - confused.total(),
            confusions=tuple(Confusion(*pair, count) for pair, count in confused.most_common(MAX_CONFUSIONS)),
        )

    def _evaluate_at(
        self, distinct_temperatures: tuple[float, ...], temperatures: Sequence[float]
    ) -> TemperatureResult:
        guesses = [_top_guess(it, at) for it, at in zip(self._samples, temperatures, strict=True)]
        random = Random(SEED)  # noqa: S311 — drawing images, not secrets
        outcomes = [self._select_outcome(it, at) for it, at in zip(self._samples, temperatures, strict=True)]
        return TemperatureResult(
            distinct_temperatures,
            measure_calibration(guesses, random),
            tuple(bin_guesses(guesses)),
            _count_outcomes(outcomes),
        )

    def _select_outcome(self, sample: LabelledScores, temperature: float) -> tuple[str, bool]:
        """Return the kind of label that the image would be displayed with, and whether it is correct."""
        labels = [replace(self._label(index), score=score) for index, score in enumerate(sample.scores)]
        for label in select_labels(labels, temperature):
            if label.class_index is None:
                return "word", label.name in self._label(sample.truth).tags
            return "class", label.class_index == sample.truth
        return "nothing", False

    def _label(self, index: int) -> Label:
        return self._classes.get(index) or Label(f"class {index}", f"class {index}", index, 0.0)

    def _narrowest_word(self, index: int) -> str:
        label = self._label(index)
        return label.tags[0] if label.tags else label.name


def _count_outcomes(outcomes: Sequence[tuple[str, bool]]) -> SelectionCounts:
    counts: Mapping[str, Tally] = {
        kind: Tally(len(rights), sum(rights))
        for kind in ("class", "word", "nothing")
        for rights in [[right for group, right in outcomes if group == kind]]
    }
    return SelectionCounts(counts["class"], counts["word"], counts["nothing"].count)


def _best_class(scores: Sequence[float]) -> int:
    return max(range(len(scores)), key=scores.__getitem__)


def _rank_of_truth(sample: LabelledScores) -> int:
    """Return the number of classes ranked before the true one. Equal scores rank by index; without a score it ranks
    last."""
    mine = sample.scores[sample.truth]
    if mine == 0:
        return len(sample.scores)
    return sum(score > mine or (score == mine and at < sample.truth) for at, score in enumerate(sample.scores))


def _top_guess(sample: LabelledScores, temperature: float) -> Guess:
    scores = apply_temperature(sample.scores, temperature)
    best = _best_class(scores)
    return Guess(scores[best], best == sample.truth)
