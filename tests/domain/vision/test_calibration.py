"""Calibration, compared with cases calculated by hand."""

from array import array
from collections.abc import Sequence
from math import exp, fsum
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.vision.calibration import (
    MAX_TEMPERATURE,
    MIN_TEMPERATURE,
    Bin,
    Guess,
    LabelledScores,
    apply_temperature,
    bin_guesses,
    calibration_error,
    fit_temperature,
    measure_calibration,
)

guesses = st.lists(st.builds(Guess, st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def softmax(logits: Sequence[float]) -> "array[float]":
    powers = [exp(logit) for logit in logits]
    return array("d", [power / fsum(powers) for power in powers])


def test_calibration_error_of_two_bins() -> None:
    # Half of the guesses say 0.6 and are right once in two; half say 0.9 and always are: (|0.6-0.5| + |0.9-1|) / 2.
    four = [Guess(0.6, True), Guess(0.6, False), Guess(0.9, True), Guess(0.9, True)]

    assert bin_guesses(four, 2) == [Bin(2, 0.6, 0.5), Bin(2, 0.9, 1.0)]
    assert calibration_error(four, 2) == pytest.approx(0.1)


def test_bins_have_equal_counts() -> None:
    thirty = [Guess(place / 30, place % 2 == 0) for place in range(30)]

    assert [it.count for it in bin_guesses(thirty)] == [2] * 15
    # In every bin one of two is right; the mean confidences are (4k + 1) / 60.
    assert calibration_error(thirty) == pytest.approx(fsum(abs((4 * k + 1) / 60 - 0.5) for k in range(15)) / 15)


def test_equal_confidences_share_bin() -> None:
    # A model that always says 0.8 and is right four times in five is perfectly calibrated, in whatever order.
    steady = [Guess(0.8, place % 5 != 0) for place in range(100)]

    (only,) = bin_guesses(steady)
    assert (only.count, only.accuracy) == (100, 0.8)
    assert calibration_error(steady) == pytest.approx(0)


def test_calibration_error_without_images_is_zero() -> None:
    assert calibration_error([]) == 0


@given(guesses, st.randoms(use_true_random=False))
def test_order_of_images_does_not_matter(drawn: list[Guess], random: Random) -> None:
    shuffled = random.sample(drawn, len(drawn))

    assert calibration_error(shuffled) == pytest.approx(calibration_error(drawn))


@given(guesses)
def test_calibration_error_is_between_overall_gap_and_one(drawn: list[Guess]) -> None:
    gap = abs(fsum(it.confidence - it.is_correct for it in drawn)) / len(drawn)

    assert gap - 1e-9 <= calibration_error(drawn) <= 1 + 1e-9
    assert sum(it.count for it in bin_guesses(drawn)) == len(drawn)


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=20), st.floats(MIN_TEMPERATURE, MAX_TEMPERATURE))
def test_temperature_divides_logits(logits: list[float], temperature: float) -> None:
    expected = softmax([logit / temperature for logit in logits])

    assert apply_temperature(softmax(logits), temperature) == pytest.approx(expected, abs=1e-6)


def test_temperature_by_hand() -> None:
    assert apply_temperature([0.8, 0.2], 0.5) == pytest.approx([0.64 / 0.68, 0.04 / 0.68])
    assert apply_temperature([0.5, 0.3], 0.5) == pytest.approx([0.25 / 0.38, 0.09 / 0.38])  # 0.2 is left over
    assert apply_temperature([0.5, 0.3], 1.0) == [0.5, 0.3]


@pytest.mark.parametrize("temperature", [0.5, 0.8, 1.0, 2.0, 4.0])
def test_fit_recovers_true_temperature(temperature: float) -> None:
    random = Random(7)  # noqa: S311 — a drawing
    samples = []
    for _ in range(2_000):
        logits = [random.gauss(0, 2) for _ in range(6)]
        (truth,) = random.choices(range(6), softmax(logits))
        samples.append(LabelledScores(softmax([logit * temperature for logit in logits]), truth))

    assert fit_temperature(samples) == pytest.approx(temperature, rel=0.12)


def test_temperature_is_bounded() -> None:
    right = LabelledScores(array("d", [0.9, 0.1]), 0)
    wrong = LabelledScores(array("d", [0.9, 0.1]), 1)

    assert fit_temperature([right]) == pytest.approx(MIN_TEMPERATURE, rel=1e-3)
    assert fit_temperature([wrong]) == pytest.approx(MAX_TEMPERATURE, rel=1e-3)
    assert fit_temperature([right] * 9 + [wrong]) == pytest.approx(1)  # says 0.9, and is right nine times in ten
    assert fit_temperature([LabelledScores(array("d", [1.0, 0.0]), 1)]) > 1  # no logarithm of nothing
    assert fit_temperature([]) == 1


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 100))
def test_ideal_error_of_few_images_is_positive(seed: int) -> None:
    random = Random(seed)  # noqa: S311 — a drawing
    confidences = [random.uniform(0.3, 1) for _ in range(200)]
    honest = [Guess(confidence, random.random() < confidence) for confidence in confidences]
    boaster = [Guess(1 - (1 - it.confidence) / 4, it.is_correct) for it in honest]

    found, other = measure_calibration(honest, random), measure_calibration(boaster, random)

    assert 0.02 < found.ideal_error < found.ideal_error_p95 < 0.2
    assert found.confidence_interval[0] < found.error < found.confidence_interval[1]
    assert found.error <= found.ideal_error_p95 + 0.03
    assert other.error > other.ideal_error_p95
