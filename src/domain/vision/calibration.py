"""Measure and correct the calibration of a model's probabilities.

Temperature scaling and the expected calibration error are from C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On
Calibration of Modern Neural Networks", ICML 2017.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, log
from operator import attrgetter, mul
from random import Random
from sys import float_info

MIN_TEMPERATURE, MAX_TEMPERATURE = 0.1, 10.0
"""Bounds of a fitted temperature. Without the lower one, samples that are all classified correctly would need
temperature 0."""
TOLERANCE = 1e-6
"""Tolerance of the fit, in units of 1/T."""
EPSILON = 1e-12
"""If the probabilities sum to 1 within this tolerance, no remainder is assumed."""

BIN_COUNT = 15
RESAMPLE_COUNT = 1_000


@dataclass(frozen=True, slots=True)
class LabelledScores:
    """The softmax probability of each class for a labelled image, and the index of the true class."""

    scores: Sequence[float]
    truth: int


@dataclass(frozen=True, slots=True)
class Guess:
    """The confidence (0-1) of a prediction, and whether it is correct."""

    confidence: float
    is_correct: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of similar confidence: their number, their mean confidence, and the share that is correct."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error with its 95 % bootstrap interval. For comparison: the mean error of a perfectly
    calibrated predictor, and its 95th percentile. With few images even these are far from zero."""

    error: float
    confidence_interval: tuple[float, float]
    ideal_error: float
    ideal_error_p95: float


def apply_temperature(scores: Sequence[float], temperature: float) -> list[float]:
    """Return the probabilities at another temperature, q_i ~ p_i^(1/T): the softmax of the logits divided by T. A
    temperature below 1 raises the highest probabilities. If `scores` sum to less than 1, the remainder counts as one
    more class (the model's "background")."""
    if temperature == 1.0:
        return list(scores)
    powers = [score ** (1 / temperature) for score in scores]
    total = fsum(powers) + _remaining_probability(scores) ** (1 / temperature)
    return [power / total for power in powers]


def fit_temperature(samples: Iterable[LabelledScores]) -> float:
    """Return the temperature that maximizes the likelihood of the true classes; 1 without samples.

    The negative log-likelihood is convex in b = 1/T. For one image its first derivative is E[l] - l_truth and its
    second derivative is Var[l], where l are the log-probabilities and the moments are those of q. Newton's method
    therefore converges; a bisection replaces any step that leaves the remaining bounds.
    """
    logs = [_log_probabilities(sample) for sample in samples]
    low, high, inverse = 1 / MAX_TEMPERATURE, 1 / MIN_TEMPERATURE, 1.0
    step = inf
    while logs and abs(step) > TOLERANCE:
        slopes, curvatures = zip(*(_derivatives(*every, inverse) for every in logs), strict=True)
        slope, curvature = fsum(slopes), fsum(curvatures)
        low, high = (inverse, high) if slope < 0 else (low, inverse)
        newton = inverse - slope / curvature if curvature > 0 else inf
        following = newton if low < newton < high else (low + high) / 2
        inverse, step = following, following - inverse
    return 1 / inverse


def _remaining_probability(scores: Sequence[float]) -> float:
    rest = 1.0 - fsum(scores)
    return rest if rest > EPSILON else 0.0


def _log_probabilities(sample: LabelledScores) -> "tuple[array[float], float]":
    """Return the logarithms of an image's probabilities, relative to the largest one, and that of the true class."""
    logs = array(
        "d", [log(score) for score in (*sample.scores, _remaining_probability(sample.scores)) if score > float_info.min]
    )
    top = max(logs)
    true = log(max(sample.scores[sample.truth], float_info.min))
    return array("d", [value - top for value in logs]), true - top


def _derivatives(logs: Sequence[float], true: float, inverse: float) -> tuple[float, float]:
    """Return the first two derivatives of one image's negative log-likelihood."""
    weights = [exp(inverse * value) for value in logs]
    total = sum(weights)
    mean = sum(map(mul, weights, logs)) / total
    square = sum(map(mul, weights, [(value - mean) ** 2 for value in logs])) / total
    return mean - true, square


def bin_guesses(guesses: Sequence[Guess], bins: int = BIN_COUNT) -> list[Bin]:
    """Return at most `bins` bins of equal mass, least confident first. Predictions of equal confidence share a bin.

    Bins have equal mass rather than equal width, so that no bin holds a single image (R. Roelofs et al., "Mitigating
    Bias in Calibration Error Estimation", AISTATS 2022).
    """
    return [_make_bin(members) for members in _split_into_bins(sorted(guesses, key=attrgetter("confidence")), bins)]


def _split_into_bins(ordered: Sequence[Guess], bins: int) -> list[list[Guess]]:
    """Split predictions, ordered by confidence, into bins. Equal ones join the bin of the first of them."""
    filled: dict[int, list[Guess]] = {}
    index, last = 0, None
    for rank, guess in enumerate(ordered):
        if guess.confidence != last:
            index, last = rank * bins // len(ordered), guess.confidence
        filled.setdefault(index, []).append(guess)
    return list(filled.values())


def _make_bin(members: Sequence[Guess]) -> Bin:
    count = len(members)
    return Bin(count, sum(it.confidence for it in members) / count, sum(it.is_correct for it in members) / count)


def calibration_error(guesses: Sequence[Guess], bins: int = BIN_COUNT) -> float:
    """Return the mean distance between confidence and accuracy over the bins, weighted by size (0-1; 0 if empty)."""
    return _weighted_error(bin_guesses(guesses, bins))


def _weighted_error(bins: Sequence[Bin]) -> float:
    return sum(it.count * abs(it.confidence - it.accuracy) for it in bins) / max(1, sum(it.count for it in bins))


def measure_calibration(guesses: Sequence[Guess], random: Random) -> Calibration:
    """Return the calibration error, its interval, and the error of a perfectly calibrated predictor.

    That predictor has the same confidences and is correct exactly as often as they state ("consistency resampling": J.
    Bröcker and L. Smith, "Increasing the Reliability of Reliability Diagrams", 2007).

    Resampling adds noise a second time, and noise increases the error. The percentiles of the bootstrap are therefore
    shifted so that their mean is the measured error.
    """
    ordered = sorted(guesses, key=attrgetter("confidence"))
    binned = _split_into_bins(ordered, BIN_COUNT)
    error = _weighted_error([_make_bin(members) for members in binned])
    resampled = sorted(_weighted_error(_resample_bins(ordered, random)) for _ in range(RESAMPLE_COUNT))
    ideal = sorted(_weighted_error(_simulate_ideal(binned, random)) for _ in range(RESAMPLE_COUNT))
    shift = error - sum(resampled) / RESAMPLE_COUNT
    low, high = (min(1.0, max(0.0, _quantile(resampled, share) + shift)) for share in (0.025, 0.975))
    return Calibration(error, (low, high), sum(ideal) / RESAMPLE_COUNT, _quantile(ideal, 0.95))


def _resample_bins(ordered: Sequence[Guess], random: Random) -> list[Bin]:
    indexes = sorted(random.choices(range(len(ordered)), k=len(ordered)))
    return [_make_bin(members) for members in _split_into_bins([ordered[index] for index in indexes], BIN_COUNT)]


def _simulate_ideal(binned: Sequence[Sequence[Guess]], random: Random) -> list[Bin]:
    return [_make_bin([Guess(it.confidence, random.random() < it.confidence) for it in members]) for members in binned]


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))]
