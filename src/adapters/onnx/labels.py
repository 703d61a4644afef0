"""Converts logits to named classes."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.vision import Label
from domain.vision.scored_labels import ScoredLabels

CLASSES = 1000
"""The number of classes of ILSVRC 2012, named in `imagenet_classes.csv`."""


def best_labels(logits: NDArray[np.float32], top: int) -> ScoredLabels:
    """The `top` best classes by softmax over all outputs. Of 1001 outputs, the first is “background”, which is not a
    class."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max())
    scores = (exponentials / exponentials.sum())[len(logits) - CLASSES :]
    order = np.argsort(-scores, kind="stable")[:top]
    labels = _labels()
    return ScoredLabels(tuple(labels[index] for index in order.tolist()), tuple(scores[order].tolist()))


@cache
def _labels() -> tuple[Label, ...]:
    """All classes as labels, in ILSVRC order, without scores."""
    return tuple(Label(one.wnid, one.name, index, 0.0, one.tags) for index, one in enumerate(classes()))


@dataclass(frozen=True, slots=True)
class ImageNetClass:
    """A class with its WordNet id, its common name, and broader common words, from the narrowest to the most general
    (ADR 16)."""

    wnid: str
    name: str
    tags: tuple[str, ...]


@cache
def classes() -> tuple[ImageNetClass, ...]:
    """All classes in ILSVRC order."""
    with Path(__file__).with_name("imagenet_classes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(_class(row) for row in csv.DictReader(file))


def _class(row: dict[str, str]) -> ImageNetClass:
    return ImageNetClass(row["wnid"], row["name"], tuple(filter(None, row["tags"].split("|"))))
