"""From a network's numbers to named classes."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from domain.vision import Label

CLASSES = 1000
"""Of ILSVRC 2012; `imagenet_classes.csv` names them."""


def best(logits: NDArray[np.float32], top: int) -> tuple[Label, ...]:
    """The `top` best classes by softmax over all outputs; with 1001 of them the first is "background", no class."""
    exponentials = np.exp(logits.astype(np.float64) - logits.max())
    scores = (exponentials / exponentials.sum())[len(logits) - CLASSES :]
    order = np.argsort(-scores, kind="stable")[:top]
    return tuple(_label(int(index), float(scores[index])) for index in order)


def _label(index: int, score: float) -> Label:
    wnid, name = classes()[index]
    return Label(key=wnid, name=name, class_index=index, score=score)


@cache
def classes() -> tuple[tuple[str, str], ...]:
    """WordNet id and name of each class, in ILSVRC order."""
    with Path(__file__).with_name("imagenet_classes.csv").open(encoding="utf-8", newline="") as file:
        return tuple((row["wnid"], row["name"]) for row in csv.DictReader(file))
