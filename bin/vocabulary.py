"""Write `src/adapters/onnx/imagenet_classes.csv`: the readable name of each class, and its common words.

    python3 bin/vocabulary.py HYPERNYMS

HYPERNYMS is a CSV file (class_index, wnid, name, chain, ancestors) with the ids of all ancestors in WordNet 3.0 of each
of the 1,000 ILSVRC classes. A class gets a word if a synset of the word (`vocabulary/words.csv`) is the class itself or
one of its ancestors. If WordNet is misleading, `vocabulary/corrections.csv` adds or removes a word of a class and gives
the reason. The readable names are in `vocabulary/names.csv`. The words of a class are sorted from narrow to general.
Uses the standard library only.
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
    """The rows of the file, starting with its header."""
    classes = sorted(_rows(hypernyms), key=lambda row: int(row["class_index"]))
    names = {row["wnid"]: row["name"] for row in _rows(SOURCES / "names.csv")}

    groups = apply_corrections(classes_by_word(classes), {row["wnid"] for row in classes})
    yield "index", "wnid", "name", "tags"
    for row in classes:
        wnid = row["wnid"]
        words = sorted((len(group), word) for word, group in groups.items() if wnid in group)
        yield row["class_index"], wnid, names.get(wnid, row["name"]), "|".join(word for _, word in words)


def classes_by_word(classes: list[Row]) -> dict[str, set[str]]:
    """The classes (WordNet ids) of each word, according to WordNet."""
    groups: dict[str, set[str]] = {}
    for row in _rows(SOURCES / "words.csv"):
        below = {it["wnid"] for it in classes if row["wnid"] in {it["wnid"], *it["ancestors"].split()}}
        if not below:
            raise SystemExit(f"{row['word']}: no class is below {row['wnid']}")
        groups.setdefault(row["word"], set()).update(below)
    return groups


def apply_corrections(groups: dict[str, set[str]], known: set[str]) -> dict[str, set[str]]:
    """Apply the corrections, each of which must change something."""
    for row in _rows(SOURCES / "corrections.csv"):
        group, wnid = groups[row["word"]], row["wnid"]
        if wnid not in known or (wnid in group) == (row["change"] == "add"):
            raise SystemExit(f"corrections.csv: “{row['change']} {row['word']}” does not change {row['class']}")
        (group.add if row["change"] == "add" else group.remove)(wnid)
    return groups


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
