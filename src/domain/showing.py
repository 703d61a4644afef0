"""What an image is shown with: a class, a broader word, or nothing (ADR 16)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import fsum

from domain.calibration import tempered
from domain.vision import Label

SURE_OF_CLASS = 0.6
"""A class is shown from this calibrated probability on. The least sure one is right three times in five, and of all
that are shown nine in ten are wanted to be; a wrong one usually is the neighbour of the right one."""

SURE_OF_TAG = 0.8
"""A word that stands below another ("dog", below "animal") is shown from this sum over its classes on: to say less and
still be wrong is worse."""

SURE_OF_BROAD_TAG = 0.9
"""A word that stands below none ("animal") says so little that it has to be nearly certain."""

TAG_KEY = "tag:"


def shown(labels: Sequence[Label], temperature: float = 1.0) -> tuple[Label, ...]:
    """The label an image is shown with, or none: that is an answer too.

    `labels` are all classes of the model by plain softmax. At the model's temperature their probabilities mean what
    they say; then the best class is shown if it is sure enough, else the narrowest word whose classes together are. A
    word's label has the key `tag:dog` (`tag:bird-of-prey`), no class index, and the words above it as tags.
    """
    scores = tempered([label.score for label in labels], temperature)
    sure = [replace(label, score=min(score, 1.0)) for label, score in zip(labels, scores, strict=True)]
    best = max(sure, key=lambda label: label.score, default=None)
    if best is not None and best.score >= SURE_OF_CLASS:
        return (best,)
    return _narrowest(sure)


def _narrowest(labels: Sequence[Label]) -> tuple[Label, ...]:
    groups = bearers(labels)
    told = [(len(group), _told(word, group)) for word, group in groups.items()]
    believed = [(size, label) for size, label in told if label.score >= _sure_of(label)]
    narrowest = min(believed, key=lambda it: (it[0], -it[1].score), default=None)
    return (narrowest[1],) if narrowest else ()


def bearers(labels: Sequence[Label]) -> Mapping[str, Sequence[Label]]:
    """The labels that bear each tag."""
    found: dict[str, list[Label]] = {}
    for label in labels:
        for tag in label.tags:
            found.setdefault(tag, []).append(label)
    return found


def _told(word: str, group: Sequence[Label]) -> Label:
    """The label of a word that `group` bears: above it stand the words that follow it with all of them."""
    following = group[0].tags[group[0].tags.index(word) + 1 :]
    above = tuple(tag for tag in following if all(tag in label.tags for label in group))
    score = min(1.0, fsum(label.score for label in group))
    return Label(f"{TAG_KEY}{word.replace(' ', '-')}", word, None, score, above)


def _sure_of(label: Label) -> float:
    return SURE_OF_TAG if label.tags else SURE_OF_BROAD_TAG
