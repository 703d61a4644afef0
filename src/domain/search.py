"""Search: what of a post can be found, and how well a post answers a question."""

import re
import unicodedata
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.feeds import PostView
from domain.ids import ImageId, PostId, UserId
from domain.images import Image
from domain.pages import Page, PageRequest
from domain.people import Profile
from domain.text import checked
from domain.vision import Verdict

MAX_QUERY = 200
MOST_WORDS = 20
"""Of a question."""
LONGEST_WORD = 100
LARGEST_DOCUMENT = 2_000
"""Different words; the rest of a longer text is not found."""
MOST_PEOPLE = 100
CANDIDATES = 500
"""People whose name begins like this, by username and by displayed name; the best of them are shown."""

_WORD = re.compile(r"\w+")
_HASHTAG = re.compile(r"(?<![\w&#/])#(\w{1,50})")


class Place(StrEnum):
    """Where a word stands, as PostgreSQL's weights: what a person says of a post counts most, then what is said of its
    pictures, then what a machine reads from them."""

    TEXT = "A"
    ALT_TEXT = "B"
    LABEL = "C"


WEIGHTS = {Place.TEXT: 1.0, Place.ALT_TEXT: 0.5, Place.LABEL: 0.25}
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

    def words(self) -> set[str]:
        return {word for text in (self.alt_text, *self.labels, *self.tags) for word in words(text)}


@dataclass(frozen=True, slots=True)
class Document:
    """What of a post can be found: each word with the best place where it stands, each tag with who said it."""

    words: Mapping[str, Place] = field(default_factory=dict)
    tags: Mapping[str, frozenset[SaidBy]] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, pictures: Sequence[Picture]) -> "Document":
        places: dict[str, Place] = {}
        said: dict[str, set[SaidBy]] = {}
        machines = [name for picture in pictures for name in (*picture.labels, *picture.tags)]
        for place, parts in (
            (Place.TEXT, [text]),
            (Place.ALT_TEXT, [picture.alt_text for picture in pictures]),
            (Place.LABEL, machines),
        ):
            for word in (word for part in parts for word in words(part)):
                if len(places) < LARGEST_DOCUMENT:
                    places.setdefault(word, place)
        for by, tags in ((SaidBy.HUMAN, hashtags(text)), (SaidBy.MODEL, [tag_of(name) for name in machines])):
            for tag in filter(None, tags):
                said.setdefault(tag, set()).add(by)
        return cls(places, {tag: frozenset(by) for tag, by in said.items()})

    def score(self, asked: Sequence[str]) -> float | None:
        """The weights of the places where the words stand, summed; None unless all of them are there."""
        places = [self.words.get(word) for word in asked]
        return None if None in places else sum(WEIGHTS[place] for place in places if place)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post that holds all words asked for; `image_id` is the picture of which most of them are said."""

    view: PostView
    image_id: ImageId
    score: float

    @classmethod
    def of(cls, view: PostView, asked: Sequence[str], score: float) -> "Hit":
        best = max(view.images, key=lambda image: len(Picture.of(image).words() & set(asked)))
        return cls(view, best.id, score)


class Index(Protocol):
    """The index of a unit of work."""

    @abstractmethod
    async def refresh(self, post_id: PostId) -> None:
        """Make the post found by what it says now, its pictures' alt texts, labels and tags included; to be called
        after every change of these. Locks the post: who locks an image too fetches the post before it. Nothing happens
        when the post is gone."""


class Search(Protocol):
    """Reads stand outside any unit of work."""

    @abstractmethod
    async def posts(self, asked: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[Hit]:
        """Posts that hold all of these words, the best score first and then the newest, of those that the viewer may
        see and whose authors they do not mute."""

    @abstractmethod
    async def unindexed(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        """Posts that were never indexed, the lowest ids first, from above `after`."""

    @abstractmethod
    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """Whose username or displayed name (folded) begins like this: exactly that name first, then by followers and
        username; without people apart from whom a block keeps the viewer."""


def question(text: str) -> list[str]:
    """The different words of a question. Raises `Invalid` when there is none, or too many."""
    found = list(dict.fromkeys(words(checked("q", text, least=1, most=MAX_QUERY))))
    if not found:
        raise Invalid.of(FieldError("q", "no_word", "holds no word; letters and digits are looked for", actual=text))
    if len(found) > MOST_WORDS:
        raise Invalid.of(
            FieldError("q", "too_many_words", f"holds {len(found)} words; at most {MOST_WORDS} are taken", MOST_WORDS)
        )
    return found


def words(text: str) -> list[str]:
    """The words of a text as they are indexed and asked for: folded, and without a plural's ending."""
    return [_singular(word)[:LONGEST_WORD] for word in _WORD.findall(folded(text))]


def hashtags(text: str) -> list[str]:
    """The tags typed in a text, `#Dog` as `dog`."""
    return list(dict.fromkeys(tag_of(found) for found in _HASHTAG.findall(text) if not found.isdigit()))


def tag_of(name: str) -> str:
    """A tag as it is indexed and asked for: folded, in one word (`golden retriever` is `goldenretriever`)."""
    return "".join(_WORD.findall(folded(name)))[:LONGEST_WORD]


def folded(text: str) -> str:
    """Without case, accents and forms that look alike: what a keyboard without them can ask for."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(letter for letter in apart if not unicodedata.combining(letter)))


def _singular(word: str) -> str:
    """The S stemmer: D. Harman, "How effective is suffixing?", JASIS 42(1), 1991, table 1."""
    if len(word) <= len("ies") or word[-1] != "s":
        return word
    if word.endswith("ies"):
        return word if word.endswith(("eies", "aies")) else word[:-3] + "y"
    if word.endswith("es"):
        return word if word.endswith(("aes", "ees", "oes")) else word[:-1]
    return word if word.endswith(("us", "ss")) else word[:-1]
