"""Search: what of a post can be found, and how well a post answers a question."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.feeds import PostView
from domain.ids import ImageId, PostId, UserId
from domain.images import Image
from domain.links import hashtags, tag_key
from domain.pages import Page, PageRequest
from domain.people import Profile
from domain.text import checked
from domain.vision import Verdict
from domain.words import fold, indexed_words, loosen, query_words

MAX_QUERY = 200
MOST_WORDS = 20
"""Of a question."""
LARGEST_DOCUMENT = 5_000
"""Different words: the longest text of a post in any script, with the usual alt texts. The rest is not found."""
INDEX_VERSION = 1
"""Of the rules by which documents and names are computed: what is stored under another is computed anew by the worker.
Raise it with every change of what a text is found by."""
MOST_PEOPLE = 100
CANDIDATES = 500
"""People whose name begins like this, by username and by displayed name; the best of them are shown."""

NEWEST_SEARCHED = 5_000
"""Posts that are ranked: the newest that hold the words and that the viewer may see. A common word is in millions of
posts, and to rank them all would take seconds."""


class Place(StrEnum):
    """Where a word stands, as PostgreSQL's weights: what a person says of a post counts most, then what is said of its
    pictures, then what a machine reads from them, then any of these without optional marks (`cafe` for `café`)."""

    TEXT = "A"
    ALT_TEXT = "B"
    LABEL = "C"
    LOOSE = "D"


WEIGHTS = {Place.TEXT: 1.0, Place.ALT_TEXT: 0.5, Place.LABEL: 0.25, Place.LOOSE: 0.125}
"""Sums of these are exact in floating point, so that every implementation ranks alike."""


class SaidBy(StrEnum):
    HUMAN = "human"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Picture:
    """What is said of a picture: its alt text, the names of its labels, and the tags that labels and models gave."""

    alt_text: str = ""
    labels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, image: Image) -> "Picture":
        """Without the labels that its owner called wrong."""
        labels = [label for label in image.labels if label.verdict is not Verdict.WRONG]
        tags = [tag for label in labels for tag in label.tags]
        return cls(
            image.alt_text.text if image.alt_text else "",
            tuple(label.name for label in labels),
            (*tags, *(image.said.tags if image.said else ())),
        )

    def count(self, asked: Sequence[str]) -> int:
        """How many of these words are said of it."""
        found = {word for text in (self.alt_text, *self.labels, *self.tags) for word in indexed_words(text)}
        loose = {loosen(word) for word in found}
        return sum(word in found or loosen(word) in loose for word in asked)


@dataclass(frozen=True, slots=True)
class Document:
    """What of a post can be found: each word with the best place where it stands, each tag with who said it, and as its
    author typed it."""

    words: Mapping[str, Place] = field(default_factory=dict)
    tags: Mapping[str, frozenset[SaidBy]] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, pictures: Sequence[Picture]) -> "Document":
        machines = [name for picture in pictures for name in (*picture.labels, *picture.tags)]
        places: dict[str, Place] = {}
        for place, parts in (
            (Place.TEXT, [text]),
            (Place.ALT_TEXT, [picture.alt_text for picture in pictures]),
            (Place.LABEL, machines),
        ):
            _place(places, place, (word for part in parts for word in indexed_words(part)))
        _place(places, Place.LOOSE, [loosen(word) for word in places])
        typed, said = hashtags(text), dict[str, set[SaidBy]]()
        for by, tags in ((SaidBy.HUMAN, typed), (SaidBy.MODEL, map(tag_key, machines))):
            for tag in filter(None, tags):
                said.setdefault(tag, set()).add(by)
        return cls(places, {tag: frozenset(by) for tag, by in said.items()}, typed)

    def score(self, asked: Sequence[str]) -> float | None:
        """The weights of the places where the words stand, summed; None unless all of them are there."""
        places = [self._place_of(word) for word in asked]
        return None if None in places else sum(WEIGHTS[place] for place in places if place)

    def _place_of(self, word: str) -> Place | None:
        return self.words.get(word) or (Place.LOOSE if loosen(word) in self.words else None)


def _place(places: dict[str, Place], place: Place, words: Iterable[str]) -> None:
    for word in words:
        if len(places) < LARGEST_DOCUMENT:
            places.setdefault(word, place)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that holds all words asked for; `image_id` is the picture of which most of them are said."""

    view: PostView
    image_id: ImageId
    score: float

    @classmethod
    def of(cls, view: PostView, asked: Sequence[str], score: float) -> "Hit":
        best = max(view.images, key=lambda image: Picture.of(image).count(asked))
        return cls(view, best.id, score)


class Index(Protocol):
    """The index of a unit of work."""

    @abstractmethod
    async def refresh(self, post_id: PostId) -> None:
        """Make the post found by what it says now, its pictures' alt texts, labels and tags included; to be called
        after every change of these, on images fetched with `Images.get_in_post`. Nothing happens when the post is
        gone."""

    @abstractmethod
    async def refresh_name(self, user_id: UserId) -> None:
        """Make the person found by the name displayed now, as `INDEX_VERSION` has it. Nothing happens when they are
        gone."""


class Search(Protocol):
    """Reads stand outside any unit of work."""

    @abstractmethod
    async def posts(self, asked: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[Hit]:
        """Posts that hold all of these words, the best score first and then the newest, of the `NEWEST_SEARCHED` newest
        ones that the viewer may see and whose authors they do not mute. Raises `Unavailable` when too many searches
        run at once, and when this one takes too long."""

    @abstractmethod
    async def unindexed(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        """Posts that were not indexed as `INDEX_VERSION` has it, the lowest ids first, from above `after`."""

    @abstractmethod
    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:
        """People whose names were not, alike."""

    @abstractmethod
    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """Whose username or displayed name (by `name_key`) begins like this: exactly that name first, then by
        followers and username; without people apart from whom a block keeps the viewer."""


def question(text: str) -> list[str]:
    """What a post must be indexed under to hold every word of a question. Raises `Invalid` when there is no word, or
    too many."""
    words = dict.fromkeys(tuple(word) for word in query_words(checked("q", text, least=1, most=MAX_QUERY)))
    if not words:
        raise Invalid.of(FieldError("q", "no_word", "holds no word; letters, digits and emoji are found", actual=text))
    if len(words) > MOST_WORDS:
        raise Invalid.of(
            FieldError("q", "too_many_words", f"holds {len(words)} words; at most {MOST_WORDS} are taken", MOST_WORDS)
        )
    return list(dict.fromkeys(part for word in words for part in word))


def name_key(name: str) -> str:
    """A displayed name as it is searched for: by any keyboard."""
    return loosen(" ".join(fold(name).split()))
