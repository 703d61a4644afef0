import pytest

from domain.vision import SHOWN_LABELS, SHOWN_SCORE, Label, shown


def label(score: float) -> Label:
    return Label("n02099601", "golden retriever", 207, score)


def test_a_label_below_the_threshold_is_not_shown() -> None:
    sure, just, unsure = label(0.8), label(SHOWN_SCORE), label(SHOWN_SCORE - 1e-9)

    assert shown([sure, just, unsure]) == (sure, just)


def test_a_model_may_not_know() -> None:
    assert shown([label(0.09), label(0.08)]) == ()
    assert shown([]) == ()


def test_only_the_best_are_shown_in_their_order() -> None:
    labels = [label(score) for score in (0.16, 0.15, 0.14, 0.13, 0.12, 0.11)]

    assert shown(labels) == tuple(labels[:SHOWN_LABELS])


@pytest.mark.parametrize("score", [-0.01, 1.01, float("nan")])
def test_a_score_is_a_probability(score: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        label(score)
