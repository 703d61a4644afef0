"""A folder of labelled pictures."""

import csv
from pathlib import Path

from domain.errors import Invalid
from entrypoints.cli.errors import FileMissing


class NoSamples(Invalid):
    """The folder's labels.csv cannot be used."""

    code = "no_samples"


def samples(folder: Path) -> list[tuple[Path, int]]:
    """The pictures that `labels.csv` in `folder` names, with their class indices (0-999, ILSVRC order).

    Columns are found by the names `file` and `class_index`; others are ignored. Raises `FileMissing`, `NoSamples`.
    """
    path = folder / "labels.csv"
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return [(folder / row["file"], int(row["class_index"])) for row in csv.DictReader(lines)]
    except FileNotFoundError:
        raise FileMissing(f"{path}: there is no such file; its lines name pictures: file,class_index") from None
    except (KeyError, TypeError, ValueError) as error:
        raise NoSamples(f"{path} is not as it should be ({error}): its first line is file,class_index") from error
