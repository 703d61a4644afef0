"""Evaluation of a model on labelled images."""

import pytest

from domain.vision import CLASS_COUNT, EMBEDDING_SIZE, Label, Model, Prediction
from domain.vision.evaluation import Confusion, Evaluator, Tally

NAMES = {1: ("beagle", ("hound", "dog")), 2: ("basset", ("hound", "dog")), 3: ("pug", ("dog",)), 900: ("bus", ())}


def predict(*scores: tuple[int, float], temperature: float = 1.0) -> Prediction:
    """A prediction of these classes and scores; the other classes share the rest."""
    given = dict(scores)
    rest = (1 - sum(given.values())) / (CLASS_COUNT - len(given))
    names = {index: NAMES.get(index, (f"class {index}", ())) for index in range(CLASS_COUNT)}
    labels = [Label(f"n{index}", name, index, given.get(index, rest), tags) for index, (name, tags) in names.items()]
    labels.sort(key=lambda label: -label.score)
    return Prediction(Model("m", "1", "cpu", temperature), tuple(labels), (0.0,) * EMBEDDING_SIZE)


def evaluate(*images: tuple[Prediction, int]):  # type: ignore[no-untyped-def]
    evidence = Evaluator()
    for prediction, truth in images:
        evidence.add(prediction, truth)
    found = evidence.evaluate()
    assert found is not None
    return found


def test_evaluation_without_images_is_none() -> None:
    assert Evaluator().evaluate() is None


def test_accuracy_labels_and_confusions_by_hand() -> None:
    found = evaluate(
        (predict((1, 0.9)), 1),  # right
        (predict((1, 0.7), (2, 0.2)), 2),  # another hound
        (predict((1, 0.45), (3, 0.45)), 3),  # a dog is shown, and right; the pug was taken for a hound
        (predict((1, 0.45), (2, 0.45)), 900),  # a hound is shown; it is a bus
        (predict((900, 0.3)), 900),  # nothing is shown
    )

    assert (found.count, found.top1, found.top5) == (5, pytest.approx(2 / 5), pytest.approx(4 / 5))
    assert found.as_served.selections.classes == Tally(2, 1)
    assert found.as_served.selections.words == Tally(2, 1)
    assert found.as_served.selections.nothing == 1
    assert found.near_misses == 1
    assert set(found.confusions) == {Confusion("dog", "hound", 1), Confusion("bus", "hound", 1)}


def test_evaluation_uses_current_temperature() -> None:
    images = [(predict((1, 0.5), (2, 0.4), temperature=0.2), 1)] * 4

    found = evaluate(*images)

    assert found.as_served.temperatures == (0.2,)
    assert found.as_served.selections.classes == Tally(4, 4)
    assert found.as_served.calibration.error < 0.3


def test_cross_validation_fits_on_other_half() -> None:
    # Half of the images are answered rightly, the other half wrongly: each asks for the opposite of the other.
    sure = predict((1, 0.6), (2, 0.3))
    found = evaluate(*[(sure, 1), (sure, 2)] * 10)

    after_wrong, after_right = found.cross_validated.temperatures
    assert after_right < 0.2
    assert after_right < found.fitted_temperature < after_wrong
    # The right ones are doubted, the wrong ones believed.
    assert found.cross_validated.calibration.error > 0.6
