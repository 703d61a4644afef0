"""What an image is shown with: a class, a broader word, or nothing (ADR 16)."""

from collections import defaultdict
from collections.abc import Sequence
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
    best = max(range(len(labels)), key=scores.__getitem__, default=None)
    if best is None:
        return ()
    if scores[best] >= SURE_OF_CLASS:
        return (replace(labels[best], score=min(1.0, scores[best])),)
    return _narrowest(labels, scores)


def _narrowest(labels: Sequence[Label], scores: Sequence[float]) -> tuple[Label, ...]:
    bearers: dict[str, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        for tag in label.tags:
            bearers[tag].append(place)
    found = None
    for word, places in bearers.items():
        score = fsum(scores[place] for place in places)
        rank = (len(places), -score)
        if score >= SURE_OF_TAG and (found is None or rank < found[0]):
            label = _told(word, [labels[place] for place in places], score)
            if label.tags or score >= SURE_OF_BROAD_TAG:
                found = (rank, label)
    return (found[1],) if found else ()


def _told(word: str, bearers: Sequence[Label], score: float) -> Label:
    """The label of a word: above it stand the words that follow it with all of its bearers."""
    following = bearers[0].tags[bearers[0].tags.index(word) + 1 :]
    above = tuple(tag for tag in following if all(tag in label.tags for label in bearers))
    return Label(f"{TAG_KEY}{word.replace(' ', '-')}", word, None, min(1.0, score), above)
