"""Write `src/adapters/onnx/imagenet_classes.csv`: of each class its readable name, and everyday words for it.

    python3 bin/vocabulary.py HYPERNYMS

HYPERNYMS is a CSV file (class_index, wnid, name, chain, ancestors) with the ids of all ancestors in WordNet 3.0 of each
of the 1,000 ILSVRC classes. A class gets a word when a synset of the word (`vocabulary/words.csv`) is among its
ancestors, or is the class itself. Where WordNet misleads people, `vocabulary/corrections.csv` adds or removes a word of
a class and says why; the readable names are in `vocabulary/names.csv`. The words of a class are sorted from the
narrowest to the most general. Standard library only.
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "vocabulary"
CLASSES = HERE.parent / "src" / "adapters" / "onnx" / "imagenet_classes.csv"

Row = dict[str, str]


def main(hypernyms: str) -> None:
    with CLASSES.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table(Path(hypernyms)))


def table(hypernyms: Path) -> Iterator[tuple[str, str, str, str]]:
    """The lines of the file, its heading first."""
    classes = sorted(_rows(hypernyms), key=lambda row: int(row["class_index"]))
    names = {row["wnid"]: row["name"] for row in _rows(SOURCES / "names.csv")}
    bearers = corrected(by_rule(classes), {row["wnid"] for row in classes})
    yield "index", "wnid", "name", "tags"
    for row in classes:
        wnid = row["wnid"]
        words = sorted((len(group), word) for word, group in bearers.items() if wnid in group)
        yield row["class_index"], wnid, names.get(wnid, row["name"]), "|".join(word for _, word in words)


def by_rule(classes: list[Row]) -> dict[str, set[str]]:
    """The classes (WordNet ids) of each word, as WordNet has it."""
    bearers: dict[str, set[str]] = {}
    for row in _rows(SOURCES / "words.csv"):
        below = {it["wnid"] for it in classes if row["wnid"] in {it["wnid"], *it["ancestors"].split()}}
        if not below:
            raise SystemExit(f"{row['word']}: no class is below {row['wnid']}")
        bearers.setdefault(row["word"], set()).update(below)
    return bearers


def corrected(bearers: dict[str, set[str]], known: set[str]) -> dict[str, set[str]]:
    """The same after the corrections, each of which must change something."""
    for row in _rows(SOURCES / "corrections.csv"):
        group, wnid = bearers[row["word"]], row["wnid"]
        if wnid not in known or (wnid in group) == (row["change"] == "add"):
            raise SystemExit(f"corrections.csv: to {row['change']} {row['word']} changes nothing of {row['class']}")
        (group.add if row["change"] == "add" else group.remove)(wnid)
    return bearers


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
