"""Acceptance of a quantized model."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vision.quantization import Comparison, mcnemar_p_value

COUNTS = st.integers(0, 200)


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [
        (0, 0, 1.0),
        (5, 5, 1.0),
        (6, 0, 2 / 64),
        (8, 1, 2 * (1 + 9) / 512),  # by hand: the tail of nine throws of a coin
        (10, 2, 2 * (1 + 12 + 66) / 4096),
    ],
)
def test_mcnemar_equals_two_sided_binomial_test(one: int, other: int, p: float) -> None:
    assert mcnemar_p_value(one, other) == pytest.approx(p)


@given(COUNTS, COUNTS)
def test_mcnemar_is_symmetric_probability(one: int, other: int) -> None:
    assert 0 < mcnemar_p_value(one, other) == mcnemar_p_value(other, one) <= 1


@given(COUNTS, COUNTS)
def test_larger_imbalance_has_smaller_p_value(one: int, other: int) -> None:
    assert (
        mcnemar_p_value(max(one, other) + 1, min(one, other))
        <= mcnemar_p_value(max(one, other), min(one, other)) + 1e-12
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Comparison(100, 6), None),
        (Comparison(100, 7), "7 of 100"),
        (Comparison(200, 12, 200, 12, 0), "6.0%"),
        (Comparison(200, 12, 200, 4, 0), None),  # two points, but four throws of a coin fall so once in eight times
        (Comparison(1000, 60, 1000, 20, 10), None),  # significant or not: no more than a point
        (Comparison(200, 12, 200, 0, 12), None),  # it gained
    ],
)
def test_too_many_changes_or_significant_loss_is_refused(found: Comparison, said: str | None) -> None:
    assert (found.refusal or "") == "" if said is None else said in (found.refusal or "")
