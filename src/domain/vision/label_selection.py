"""The label that an image is displayed with: a class, a broader word, or none (ADR 16)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from domain.vision import Label
from domain.vision.calibration import apply_temperature
from domain.vision.scored_labels import ScoredLabels

MIN_CLASS_PROBABILITY = 0.6
"""A class is displayed from this calibrated probability on. At the threshold three of five are correct, and nine of ten
of all displayed classes are accepted as correct; a wrong class is usually similar to the right one."""

MIN_TAG_PROBABILITY = 0.8
"""A word below another one ("dog", below "animal") is displayed from this sum over its classes on. The threshold is
higher, because a broad label that is still wrong is worse."""

MIN_BROAD_TAG_PROBABILITY = 0.9
"""A top-level word ("animal") says so little that it has to be nearly certain."""

TAG_KEY_PREFIX = "tag:"


def select_labels(labels: Sequence[Label], temperature: float = 1.0) -> tuple[Label, ...]:
    """Return the label that the image is displayed with, or none.

    `labels` are all classes of the model with softmax probabilities. The model's temperature calibrates them. The best
    class is displayed if its probability is high enough, otherwise the narrowest word whose classes together are. The
    label of a word has the key `tag:dog` (`tag:bird-of-prey`), no class index, and the words above it as tags.
    """
    scored = ScoredLabels.of(labels)
    scores = apply_temperature(scored.scores, temperature)
    best = max(range(len(scores)), key=scores.__getitem__, default=None)
    if best is None:
        return ()
    if scores[best] >= MIN_CLASS_PROBABILITY:
        return (replace(scored.classes[best], score=min(1.0, scores[best])),)
    return _select_narrowest_tag(scored.classes, scores)


def _select_narrowest_tag(labels: Sequence[Label], scores: Sequence[float]) -> tuple[Label, ...]:
    classes_with_tag: dict[str, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        for tag in label.tags:
            classes_with_tag[tag].append(index)
    narrowest = None
    for word, indexes in classes_with_tag.items():
        score = fsum(scores[index] for index in indexes)
        rank = (len(indexes), -score)
        if score >= MIN_TAG_PROBABILITY and (narrowest is None or rank < narrowest[0]):
            label = _make_tag_label(word, [labels[index] for index in indexes], score)
            if label.tags or score >= MIN_BROAD_TAG_PROBABILITY:
                narrowest = (rank, label)
    return (narrowest[1],) if narrowest else ()


def _make_tag_label(word: str, classes_with_tag: Sequence[Label], score: float) -> Label:
    """Return the label of a word. Its tags are the later words that all of its classes share."""
    following = classes_with_tag[0].tags[classes_with_tag[0].tags.index(word) + 1 :]
    above = tuple(tag for tag in following if all(tag in label.tags for label in classes_with_tag))
    return Label(f"{TAG_KEY_PREFIX}{word.replace(' ', '-')}", word, None, min(1.0, score), above)
