"""Reads a folder of labelled images."""

import csv
import mimetypes
from collections.abc import Sequence
from pathlib import Path

from domain.errors import Invalid
from domain.vision import CLASS_COUNT
from entrypoints.cli.errors import FileMissing
from entrypoints.cli.files import read_file


class NoLabelledImages(Invalid):
    """The folder's labels.csv is missing images or malformed."""

    code = "no_samples"


def labelled_files(folder: Path) -> list[tuple[Path, int]]:
    """The images listed in `labels.csv` in `folder`, with their class indices (0-999, ILSVRC order).

    The columns are `file` and `class_index`; others are ignored. Raises `FileMissing`, `NoSamples`.
    """
    path = folder / "labels.csv"
    try:
        with path.open(newline="", encoding="utf-8-sig") as lines:
            return [(folder / row["file"], _parse_class_index(row["class_index"])) for row in csv.DictReader(lines)]
    except FileNotFoundError:
        raise FileMissing(f"{path}: the file does not exist; its columns are file,class_index") from None
    except (KeyError, TypeError, ValueError) as error:
        raise NoLabelledImages(f"{path} is invalid ({error}): its first line must be file,class_index") from error


def _parse_class_index(text: str) -> int:
    index = int(text)
    if not 0 <= index < CLASS_COUNT:
        raise ValueError(f"class {index} does not exist; classes are 0 to {CLASS_COUNT - 1}")
    return index


async def read_images(folder: Path) -> list[tuple[bytes, int | None]]:
    """Every image in `folder` with its class index from `labels.csv`, or None without that file."""
    return [(await read_file(path), truth) for path, truth in _list_files(folder)]


def _list_files(folder: Path) -> Sequence[tuple[Path, int | None]]:
    if not folder.is_dir():
        raise FileMissing(f"{folder}: the folder does not exist")
    return (
        labelled_files(folder) if (folder / "labels.csv").is_file() else [(path, None) for path in find_images(folder)]
    )


def find_images(folder: Path) -> list[Path]:
    """The files with the suffix of an image, sorted by name."""
    return sorted(path for path in folder.iterdir() if (mimetypes.guess_type(path)[0] or "").startswith("image/"))
