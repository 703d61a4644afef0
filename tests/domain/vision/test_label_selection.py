"""Selection of an image's labels."""

from math import fsum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.vision import Label
from domain.vision.label_selection import (
    MIN_BROAD_TAG_PROBABILITY,
    MIN_CLASS_PROBABILITY,
    MIN_TAG_PROBABILITY,
    select_labels,
)

DOG = ("dog", "pet", "animal")
TERRIER = ("terrier", *DOG)
CAT = ("cat", "pet", "animal")
OWL = ("bird of prey", "bird", "animal")


def label(name: str, score: float, tags: tuple[str, ...] = ()) -> Label:
    return Label(f"n-{name}", name, 0, score, tags)


def test_confident_class_is_only_label() -> None:
    sure = label("beagle", MIN_CLASS_PROBABILITY, DOG)

    assert select_labels([label("owl", 0.3, OWL), sure, label("cairn", 0.1, TERRIER)]) == (sure,)


def test_unsure_image_gets_narrowest_confident_word() -> None:
    labels = [label("cairn", 0.4, TERRIER), label("beagle", 0.3, DOG), label("basset", 0.25, DOG), label("bus", 0.05)]

    (seen,) = select_labels(labels)

    assert (seen.key, seen.name, seen.class_index, seen.tags) == ("tag:dog", "dog", None, ("pet", "animal"))
    assert seen.score == pytest.approx(0.95)


def test_label_key_is_valid_in_path() -> None:
    (seen,) = select_labels([label("kite", 0.5, OWL), label("eagle", 0.5, OWL)])

    assert (seen.key, seen.name) == ("tag:bird-of-prey", "bird of prey")


def test_topmost_word_needs_higher_confidence() -> None:
    def animals(score: float) -> list[Label]:
        return [label("tabby", score / 2, CAT), label("owl", score / 2, OWL), label("bus", 1 - score)]

    assert select_labels(animals(MIN_BROAD_TAG_PROBABILITY - 0.01)) == ()
    assert [seen.key for seen in select_labels(animals(MIN_BROAD_TAG_PROBABILITY))] == ["tag:animal"]
    assert [seen.key for seen in select_labels([label("tabby", 0.5, CAT), label("siamese", 0.3, CAT)])] == ["tag:cat"]
    assert pytest.approx(0.8) == MIN_TAG_PROBABILITY


def test_broader_words_are_shared_by_all_classes() -> None:
    labels = [label("goldfish", 0.45, ("fish", "pet", "animal")), label("tench", 0.5, ("fish", "animal"))]

    assert [seen.tags for seen in select_labels(labels)] == [("animal",)]


def test_image_can_have_no_label() -> None:
    assert select_labels([]) == ()
    assert select_labels([label("bus", 0.5), label("beagle", 0.4, DOG)]) == ()


def test_underconfident_model_is_corrected_by_temperature() -> None:
    modest = [label("beagle", 0.55, DOG), *(label(f"class {index}", 0.45 / 900) for index in range(900))]

    assert select_labels(modest) == ()
    (seen,) = select_labels(modest, temperature=0.6)
    assert seen.name == "beagle"
    assert seen.score > 0.98


def test_overconfident_model_is_corrected_by_temperature() -> None:
    loud = [label("beagle", 0.9, DOG), label("basset", 0.06, DOG), label("bus", 0.04)]

    assert [seen.key for seen in select_labels(loud, temperature=3.0)] == []
    assert [seen.name for seen in select_labels(loud, temperature=1.0)] == ["beagle"]


words = st.lists(st.sampled_from(["dog", "pet", "animal", "bird"]), unique=True).map(tuple)
weights = st.lists(st.tuples(st.floats(0, 1), words), min_size=1, max_size=12)


@given(weights, st.floats(0.1, 10))
def test_at_most_one_label_with_probability(drawn: list[tuple[float, tuple[str, ...]]], t: float) -> None:
    total = max(1.0, fsum(weight for weight, _ in drawn))
    labels = [label(f"class {place}", weight / total, tags) for place, (weight, tags) in enumerate(drawn)]

    seen = select_labels(labels, t)

    assert len(seen) <= 1
    for one in seen:
        assert MIN_CLASS_PROBABILITY <= one.score <= 1
