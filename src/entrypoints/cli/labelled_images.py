"""Reads a folder of labelled images."""

import csv
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from domain.errors import Invalid
from domain.vision import CLASS_COUNT
from entrypoints.cli.errors import FileMissing
from entrypoints.cli.files import read_file


class NoSamples(Invalid):
    """The folder's labels.csv cannot be used."""

    code = "no_samples"


def labelled_files(folder: Path) -> list[tuple[Path, int]]:
    """The pictures that `labels.csv` in `folder` names, with their class indices (0-999, ILSVRC order).

    Columns are found by the names `file` and `class_index`; others are ignored. Raises `FileMissing`, `NoSamples`.
    """
    path = folder / "labels.csv"
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return [(folder / row["file"], _parse_class_index(row["class_index"])) for row in csv.DictReader(lines)]
    except FileNotFoundError:
        raise FileMissing(f"{path}: there is no such file; its lines name pictures: file,class_index") from None
    except (KeyError, TypeError, ValueError) as error:
        raise NoSamples(f"{path} is not as it should be ({error}): its first line is file,class_index") from error


def _parse_class_index(text: str) -> int:
    index = int(text)
    if not 0 <= index < CLASS_COUNT:
        raise ValueError(f"there is no class {index}, they count from 0 to {CLASS_COUNT - 1}")
    return index


async def read_images(folder: Path) -> list[tuple[bytes, int | None]]:
    """Every picture in `folder` with its class index, where a `labels.csv` says it; else with None."""
    return [(await read_file(path), truth) for path, truth in _list_files(folder)]


def _list_files(folder: Path) -> Sequence[tuple[Path, int | None]]:
    if not folder.is_dir():
        raise FileMissing(f"{folder}: there is no such folder")
    return (
        labelled_files(folder) if (folder / "labels.csv").is_file() else [(path, None) for path in find_images(folder)]
    )


def find_images(folder: Path) -> list[Path]:
    """The files whose names say that they are images, in the order of their names."""
    return sorted(path for path in folder.iterdir() if (mimetypes.guess_type(path)[0] or "").startswith("image/"))
