"""Search: what of a post can be found, and how well a post answers a question."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from domain.errors import FieldError, Invalid
from domain.ids import ImageId, PostId, UserId
from domain.images import Image
from domain.links import hashtags, tag_key
from domain.pages import Page, PageRequest
from domain.post_views import PostView
from domain.profiles import Profile
from domain.text import validate_text
from domain.vision import Verdict
from domain.words import fold, indexed_words, query_words, strip_optional_marks

MAX_QUERY = 200
MAX_QUERY_WORDS = 20
"""Of a question."""
MAX_DOCUMENT_WORDS = 5_000
"""Different words: the longest text of a post in any script, with the usual alt texts. The rest is not found."""
INDEX_VERSION = 1
"""Of the rules by which documents and names are computed: what is stored under another is computed anew by the worker.
Raise it with every change of what a text is found by."""
MAX_PEOPLE = 100
MAX_CANDIDATES = 500
"""People whose name begins like this, by username and by displayed name; the best of them are shown."""

MAX_SEARCHED_POSTS = 5_000
"""Posts that are ranked: the newest that hold the words and that the viewer may see. A common word is in millions of
posts, and to rank them all would take seconds."""


class Field(StrEnum):
    """Where a word stands, as PostgreSQL's weights: what a person says of a post counts most, then what is said of its
    pictures, then what a machine reads from them, then any of these without optional marks (`cafe` for `café`)."""

    TEXT = "A"
    ALT_TEXT = "B"
    LABEL = "C"
    LOOSE = "D"


FIELD_WEIGHTS = {Field.TEXT: 1.0, Field.ALT_TEXT: 0.5, Field.LABEL: 0.25, Field.LOOSE: 0.125}
"""Sums of these are exact in floating point, so that every implementation ranks alike."""


class TagSource(StrEnum):
    HUMAN = "human"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ImageText:
    """What is said of a picture: its alt text, the names of its labels, and the tags that labels and models gave."""

    alt_text: str = ""
    labels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, image: Image) -> "ImageText":
        """Without the labels that its owner called wrong."""
        labels = [label for label in image.labels if label.verdict is not Verdict.WRONG]
        tags = [tag for label in labels for tag in label.tags]
        return cls(
            image.alt_text.text if image.alt_text else "",
            tuple(label.name for label in labels),
            (*tags, *(image.model_tags.tags if image.model_tags else ())),
        )

    def count_matches(self, query: Sequence[str]) -> int:
        """How many of these words are said of it."""
        found = {word for text in (self.alt_text, *self.labels, *self.tags) for word in indexed_words(text)}
        loose = {strip_optional_marks(word) for word in found}
        return sum(word in found or strip_optional_marks(word) in loose for word in query)


@dataclass(frozen=True, slots=True)
class Document:
    """What of a post can be found: each word with the best place where it stands, each tag with who said it, and as its
    author typed it."""

    words: Mapping[str, Field] = field(default_factory=dict)
    tags: Mapping[str, frozenset[TagSource]] = field(default_factory=dict)
    typed_tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, pictures: Sequence[ImageText]) -> "Document":
        model_words = [name for picture in pictures for name in (*picture.labels, *picture.tags)]
        fields: dict[str, Field] = {}
        for text_field, parts in (
            (Field.TEXT, [text]),
            (Field.ALT_TEXT, [picture.alt_text for picture in pictures]),
            (Field.LABEL, model_words),
        ):
            _add_words(fields, text_field, (word for part in parts for word in indexed_words(part)))
        _add_words(fields, Field.LOOSE, [strip_optional_marks(word) for word in fields])
        typed, said = hashtags(text), dict[str, set[TagSource]]()
        for by, tags in ((TagSource.HUMAN, typed), (TagSource.MODEL, map(tag_key, model_words))):
            for tag in filter(None, tags):
                said.setdefault(tag, set()).add(by)
        return cls(fields, {tag: frozenset(by) for tag, by in said.items()}, typed)

    def score(self, query: Sequence[str]) -> float | None:
        """The weights of the places where the words stand, summed; None unless all of them are there."""
        fields = [self._field_of(word) for word in query]
        return None if None in fields else sum(FIELD_WEIGHTS[text_field] for text_field in fields if text_field)

    def _field_of(self, word: str) -> Field | None:
        return self.words.get(word) or (Field.LOOSE if strip_optional_marks(word) in self.words else None)


def _add_words(fields: dict[str, Field], text_field: Field, words: Iterable[str]) -> None:
    for word in words:
        if len(fields) < MAX_DOCUMENT_WORDS:
            fields.setdefault(word, text_field)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A post that holds all words asked for; `image_id` is the picture of which most of them are said."""

    view: PostView
    image_id: ImageId
    score: float

    @classmethod
    def of(cls, view: PostView, query: Sequence[str], score: float) -> "SearchHit":
        best = max(view.images, key=lambda image: ImageText.of(image).count_matches(query))
        return cls(view, best.id, score)


class SearchIndex(Protocol):
    """The index of a unit of work."""

    @abstractmethod
    async def refresh(self, post_id: PostId) -> None:
        """Make the post found by what it says now, its pictures' alt texts, labels and tags included; to be called
        after every change of these, on images fetched with `Images.get_and_lock_post`. Nothing happens when the post is
        gone."""

    @abstractmethod
    async def refresh_name(self, user_id: UserId) -> None:
        """Make the person found by the name displayed now, as `INDEX_VERSION` has it. Nothing happens when they are
        gone."""


class SearchReader(Protocol):
    """Reads stand outside any unit of work."""

    @abstractmethod
    async def posts(self, query: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        """Posts that hold all of these words, the best score first and then the newest, of the `MAX_SEARCHED_POSTS`
        newest ones that the viewer may see and whose authors they do not mute. Raises `Unavailable` when too many
        searches run at once, and when this one takes too long."""

    @abstractmethod
    async def unindexed_posts(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        """Posts that were not indexed as `INDEX_VERSION` has it, the lowest ids first, from above `after`."""

    @abstractmethod
    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:
        """People whose names were not, alike."""

    @abstractmethod
    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """Whose username or displayed name (by `name_key`) begins like this: exactly that name first, then by
        followers and username; without people apart from whom a block keeps the viewer."""


def parse_query(text: str) -> list[str]:
    """What a post must be indexed under to hold every word of a question. Raises `Invalid` when there is no word, or
    too many."""
    words = dict.fromkeys(
        tuple(word) for word in query_words(validate_text("q", text, min_length=1, max_length=MAX_QUERY))
    )
    if not words:
        raise Invalid.of(FieldError("q", "no_word", "holds no word; letters, digits and emoji are found", actual=text))
    if len(words) > MAX_QUERY_WORDS:
        raise Invalid.of(
            FieldError(
                "q",
                "too_many_words",
                f"has {len(words)} words; at most {MAX_QUERY_WORDS} are allowed",
                MAX_QUERY_WORDS,
            )
        )
    return list(dict.fromkeys(part for word in words for part in word))


def name_key(name: str) -> str:
    """A displayed name as it is searched for: by any keyboard."""
    return strip_optional_marks(" ".join(fold(name).split()))
