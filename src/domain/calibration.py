"""How far a model's probabilities can be taken at their word, and how they are brought to it.

Temperature scaling and the expected calibration error are those of C. Guo, G. Pleiss, Y. Sun and K. Weinberger, "On
Calibration of Modern Neural Networks", ICML 2017.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, log
from operator import attrgetter, mul
from random import Random
from sys import float_info

COLDEST, HOTTEST = 0.1, 10.0
"""The bounds of a fitted temperature: pictures that are all answered rightly would ask for absolute zero."""
PRECISION = 1e-6
"""Of 1/T."""
ROUNDING = 1e-12
"""Probabilities that miss 1 by less leave nothing over."""

BINS = 15
RESAMPLINGS = 1_000


@dataclass(frozen=True, slots=True)
class Sample:
    """A labelled picture as a model sees it: the softmax probability of each class, and the index of the true one."""

    scores: Sequence[float]
    truth: int


@dataclass(frozen=True, slots=True)
class Guess:
    """What a model says of a picture with which confidence (0-1), and whether it is right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Guesses of like confidence: how many, how sure they are in the mean, and which share of them is right."""

    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The expected calibration error of some guesses with the 95 % interval of its bootstrap, beside what a perfect
    predictor would show: the mean error, and the one that it stays below 95 times in 100. Of few pictures even that is
    far from zero."""

    error: float
    interval: tuple[float, float]
    perfect: float
    perfect_most: float


def tempered(scores: Sequence[float], temperature: float) -> list[float]:
    """The probabilities at another temperature, q_i ~ p_i^(1/T): the softmax of the logits divided by T. Below 1 the
    best gain. What `scores` leave of 1 counts as one more outcome (the model's "background")."""
    if temperature == 1.0:
        return list(scores)
    powers = [score ** (1 / temperature) for score in scores]
    total = fsum(powers) + _rest(scores) ** (1 / temperature)
    return [power / total for power in powers]


def fitted_temperature(samples: Iterable[Sample]) -> float:
    """The temperature at which the true classes are likeliest.

    The negative log-likelihood is convex in b = 1/T, with the derivative E[l] - l_truth and the second derivative
    Var[l] a picture, where l are the log-probabilities and the moments are those of q. So Newton's steps find it, with
    a bisection wherever one leaves what is left of the bounds. 1 without samples.
    """
    logs = [_logs(sample) for sample in samples]
    low, high, inverse = 1 / HOTTEST, 1 / COLDEST, 1.0
    step = inf
    while logs and abs(step) > PRECISION:
        slopes, curvatures = zip(*(_moments(*every, inverse) for every in logs), strict=True)
        slope, curvature = fsum(slopes), fsum(curvatures)
        low, high = (inverse, high) if slope < 0 else (low, inverse)
        newton = inverse - slope / curvature if curvature > 0 else inf
        following = newton if low < newton < high else (low + high) / 2
        inverse, step = following, following - inverse
    return 1 / inverse


def _rest(scores: Sequence[float]) -> float:
    rest = 1.0 - fsum(scores)
    return rest if rest > ROUNDING else 0.0


def _logs(sample: Sample) -> "tuple[array[float], float]":
    """The logarithms of a picture's probabilities, and of the true class's among them; above the largest one."""
    logs = array("d", [log(score) for score in (*sample.scores, _rest(sample.scores)) if score > float_info.min])
    top = max(logs)
    true = log(max(sample.scores[sample.truth], float_info.min))
    return array("d", [value - top for value in logs]), true - top


def _moments(logs: Sequence[float], true: float, inverse: float) -> tuple[float, float]:
    """The first two derivatives of one picture's negative log-likelihood."""
    weights = [exp(inverse * value) for value in logs]
    total = sum(weights)
    mean = sum(map(mul, weights, logs)) / total
    square = sum(map(mul, weights, [(value - mean) ** 2 for value in logs])) / total
    return mean - true, square


def binned(guesses: Sequence[Guess], bins: int = BINS) -> list[Bin]:
    """At most `bins` bins of equal mass, least confident first; guesses of equal confidence are never parted.

    Equal mass rather than equal width: no bin is left with one picture (R. Roelofs et al., "Mitigating Bias in
    Calibration Error Estimation", AISTATS 2022).
    """
    return [_bin(members) for members in _parted(sorted(guesses, key=attrgetter("confidence")), bins)]


def _parted(ordered: Sequence[Guess], bins: int) -> list[list[Guess]]:
    """Guesses in the order of their confidence, by bins: each falls where the first of its equals does."""
    filled: dict[int, list[Guess]] = {}
    place, last = 0, None
    for before, guess in enumerate(ordered):
        if guess.confidence != last:
            place, last = before * bins // len(ordered), guess.confidence
        filled.setdefault(place, []).append(guess)
    return list(filled.values())


def _bin(members: Sequence[Guess]) -> Bin:
    count = len(members)
    return Bin(count, sum(it.confidence for it in members) / count, sum(it.right for it in members) / count)


def calibration_error(guesses: Sequence[Guess], bins: int = BINS) -> float:
    """The mean distance between confidence and accuracy over the bins, weighted by their pictures (0-1; 0 of none)."""
    return _error(binned(guesses, bins))


def _error(bins: Sequence[Bin]) -> float:
    return sum(it.count * abs(it.confidence - it.accuracy) for it in bins) / max(1, sum(it.count for it in bins))


def calibration(guesses: Sequence[Guess], random: Random) -> Calibration:
    """The error, how sure it is, and what a perfect predictor would show: one that is as confident, and right just as
    often as it says ("consistency resampling": J. Bröcker and L. Smith, "Increasing the Reliability of Reliability
    Diagrams", 2007).

    Drawing pictures again adds noise a second time, and noise adds to the error: the bootstrap's percentiles are moved
    so that their mean is the error itself.
    """
    ordered = sorted(guesses, key=attrgetter("confidence"))
    parted = _parted(ordered, BINS)
    error = _error([_bin(members) for members in parted])
    resampled = sorted(_error(_resampled(ordered, random)) for _ in range(RESAMPLINGS))
    ideal = sorted(_error(_perfect(parted, random)) for _ in range(RESAMPLINGS))
    moved = error - sum(resampled) / RESAMPLINGS
    low, high = (min(1.0, max(0.0, _quantile(resampled, share) + moved)) for share in (0.025, 0.975))
    return Calibration(error, (low, high), sum(ideal) / RESAMPLINGS, _quantile(ideal, 0.95))


def _resampled(ordered: Sequence[Guess], random: Random) -> list[Bin]:
    places = sorted(random.choices(range(len(ordered)), k=len(ordered)))
    return [_bin(members) for members in _parted([ordered[place] for place in places], BINS)]


def _perfect(parted: Sequence[Sequence[Guess]], random: Random) -> list[Bin]:
    return [_bin([Guess(it.confidence, random.random() < it.confidence) for it in members]) for members in parted]


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))]
