"""What labelled pictures say of a model."""

import pytest

from domain.evaluation import Confusion, Evidence, Hits
from domain.vision import ALL_CLASSES, EMBEDDING_SIZE, Label, Model, Prediction

NAMES = {1: ("beagle", ("hound", "dog")), 2: ("basset", ("hound", "dog")), 3: ("pug", ("dog",)), 900: ("bus", ())}


def seen(*scores: tuple[int, float], temperature: float = 1.0) -> Prediction:
    """Those classes with those scores; the others share the rest."""
    given = dict(scores)
    rest = (1 - sum(given.values())) / (ALL_CLASSES - len(given))
    names = {index: NAMES.get(index, (f"class {index}", ())) for index in range(ALL_CLASSES)}
    labels = [Label(f"n{index}", name, index, given.get(index, rest), tags) for index, (name, tags) in names.items()]
    labels.sort(key=lambda label: -label.score)
    return Prediction(Model("m", "1", "cpu", temperature), tuple(labels), (0.0,) * EMBEDDING_SIZE)


def weighed(*pictures: tuple[Prediction, int]):  # type: ignore[no-untyped-def]
    evidence = Evidence()
    for prediction, truth in pictures:
        evidence.add(prediction, truth)
    found = evidence.weighed()
    assert found is not None
    return found


def test_nothing_comes_of_nothing() -> None:
    assert Evidence().weighed() is None


def test_shares_labels_and_confusions_by_hand() -> None:
    found = weighed(
        (seen((1, 0.9)), 1),  # right
        (seen((1, 0.7), (2, 0.2)), 2),  # another hound
        (seen((1, 0.45), (3, 0.45)), 3),  # a dog is shown, and right; the pug was taken for a hound
        (seen((1, 0.45), (2, 0.45)), 900),  # a hound is shown; it is a bus
        (seen((900, 0.3)), 900),  # nothing is shown
    )

    assert (found.count, found.top1, found.top5) == (5, pytest.approx(2 / 5), pytest.approx(4 / 5))
    assert found.served.shown.classes == Hits(2, 1)
    assert found.served.shown.words == Hits(2, 1)
    assert found.served.shown.nothing == 1
    assert found.near_misses == 1
    assert set(found.confusions) == {Confusion("dog", "hound", 1), Confusion("bus", "hound", 1)}


def test_the_temperature_in_use_is_the_one_that_is_judged() -> None:
    pictures = [(seen((1, 0.5), (2, 0.4), temperature=0.2), 1)] * 4

    found = weighed(*pictures)

    assert found.served.temperatures == (0.2,)
    assert found.served.shown.classes == Hits(4, 4)
    assert found.served.calibration.error < 0.3


def test_no_half_is_graded_at_a_temperature_fitted_on_itself() -> None:
    # Half of the pictures are answered rightly, the other half wrongly: each asks for the opposite of the other.
    sure = seen((1, 0.6), (2, 0.3))
    found = weighed(*[(sure, 1), (sure, 2)] * 10)

    after_wrong, after_right = found.crossed.temperatures
    assert after_right < 0.2
    assert after_right < found.fitted < after_wrong
    # The right ones are doubted, the wrong ones believed.
    assert found.crossed.calibration.error > 0.6
