"""The names of the classes, and their common words."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from adapters.onnx.labels import ImageNetClass, classes
from tests.real_data import DATA

REPOSITORY = Path(__file__).resolve().parents[2]
HYPERNYMS = DATA / "labels" / "hypernyms.csv"
COMMITTED = REPOSITORY / "src" / "adapters" / "onnx" / "imagenet_classes.csv"


def class_named(name: str) -> ImageNetClass:
    return next(it for it in classes() if it.name == name)


def classes_by_word() -> dict[str, set[str]]:
    """The classes of each word."""
    found: dict[str, set[str]] = {}
    for it in classes():
        for word in it.tags:
            found.setdefault(word, set()).add(it.wnid)
    return found


@pytest.mark.parametrize(
    ("name", "tags"),
    [
        ("Norwegian elkhound", ("hound", "dog", "pet", "mammal", "animal")),
        ("orca", ("whale", "sea mammal", "mammal", "animal")),
        ("cougar", ("big cat", "mammal", "animal")),
        ("crane bird", ("wading bird", "water bird", "bird", "animal")),
        ("construction crane", ()),
        ("one-piece swimsuit", ("swimwear", "clothing")),
        ("tank swimsuit", ("swimwear", "clothing")),
        ("meatloaf", ("meal", "food")),
        ("hay", ()),
    ],
)
def test_classes_have_common_words(name: str, tags: tuple[str, ...]) -> None:
    assert class_named(name).tags == tags


def test_class_names_are_unique() -> None:
    assert len(classes()) == 1000
    for names in ({it.name.casefold() for it in classes()}, {it.wnid for it in classes()}):
        assert len(names) == 1000


def test_words_are_sorted_from_narrow_to_general() -> None:
    sizes = {word: len(group) for word, group in classes_by_word().items()}

    for it in classes():
        assert [sizes[word] for word in it.tags] == sorted(sizes[word] for word in it.tags), it.name


def test_words_have_different_classes() -> None:
    for (word, group), (other, others) in combinations(classes_by_word().items(), 2):
        assert group != others, (word, other)


def corrections() -> Iterator[dict[str, str]]:
    with (REPOSITORY / "bin" / "vocabulary" / "corrections.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def test_corrections_state_reason() -> None:
    assert all(row["reason"] and row["change"] in {"add", "remove"} for row in corrections())


@pytest.mark.skipif(not HYPERNYMS.is_file(), reason="needs WordNet's hypernyms that CONTRIBUTING.md names")
def test_committed_file_is_current() -> None:
    script = "import csv, pathlib, sys; sys.path.insert(0, 'bin'); import vocabulary\n"
    script += "sys.stdout.reconfigure(encoding='utf-8')\n"
    script += "csv.writer(sys.stdout, lineterminator='\\n').writerows(vocabulary.table(pathlib.Path(sys.argv[1])))"
    made = subprocess.run(
        [sys.executable, "-c", script, str(HYPERNYMS)], cwd=REPOSITORY, capture_output=True, check=True
    ).stdout

    assert made.decode() == COMMITTED.read_text(encoding="utf-8")
