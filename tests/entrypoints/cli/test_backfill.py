"""`tintype model backfill`."""

from pathlib import Path

import pytest

from tests.containers import memory_container
from tests.doubles import ScriptedClassifier, label
from tests.entrypoints.cli.conftest import Tintype
from tests.sample_images import a_jpeg

DOG = [label("golden retriever", 0.9)]


@pytest.fixture
def classifier() -> ScriptedClassifier:
    return ScriptedClassifier(DOG)


@pytest.fixture
def tintype(classifier: ScriptedClassifier) -> Tintype:
    tintype = Tintype(memory_container(classifier=classifier))
    tintype.sign_up("ada")
    return tintype


def test_images_of_older_model_are_classified_again(
    tintype: Tintype, classifier: ScriptedClassifier, images: Path
) -> None:
    photograph = images / "a.jpg"
    photograph.write_bytes(a_jpeg())
    post = tintype.publish("ada", photograph)
    tintype.understand()
    classifier.version = "v2"
    classifier.set_script([label("tabby", 0.9, 281)])

    ran = tintype("model", "backfill")
    again = tintype("model", "backfill", "--json")

    assert (ran.code, ran.out) == (0, "1 image had no labels by scripted@v2; 0 are left.\n")
    assert (again.code, again.lines) == (0, [{"model": "scripted@v2", "outstanding": 0, "left": 0}])
    shown = tintype("show", post, "--json").lines[0]
    assert [found["name"] for image in shown["images"] for found in image["labels"]] == ["tabby"]


def test_backfill_needs_model(tintype: Tintype, classifier: ScriptedClassifier) -> None:
    classifier.version = None

    ran = tintype("model", "backfill", "--json")

    assert ran.code == 5
    assert ran.problem["code"] == "model_missing"
