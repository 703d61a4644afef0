"""Search: the searchable words of a post, and the score of a post for a query."""

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
"""The maximum number of words of a query."""
MAX_DOCUMENT_WORDS = 5_000
"""The maximum number of distinct words indexed for a post. It suffices for the longest text in any script with usual
alt texts. Further words are not found."""
INDEX_VERSION = 1
"""The version of the indexing rules for posts and names. The worker re-indexes rows stored with another version.
Increase it with every change of these rules."""
MAX_PEOPLE = 100
MAX_CANDIDATES = 500
"""The number of people considered whose username or displayed name has the prefix; the best of them are returned."""

MAX_SEARCHED_POSTS = 1_000
"""The number of posts that are ranked: the newest visible ones with all words. A common word is in millions of posts,
and ranking them all would take seconds."""


class Field(StrEnum):
    """The field of a word, as PostgreSQL's weights: the text of a post counts most, then what its author says of the
    images, then what a model says of them, then any of these without optional marks (`cafe` for `café`)."""

    TEXT = "A"
    ALT_TEXT = "B"
    LABEL = "C"
    LOOSE = "D"


FIELD_WEIGHTS = {Field.TEXT: 1.0, Field.ALT_TEXT: 0.5, Field.LABEL: 0.25, Field.LOOSE: 0.125}
"""Sums of these numbers are exact in floating point, so that every implementation ranks equally."""


class TagSource(StrEnum):
    HUMAN = "human"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class ImageText:
    """The texts of an image: its alt text, the names of its labels, and the tags from labels and models."""

    alt_text: str = ""
    labels: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, image: Image) -> "ImageText":
        """Return the texts, without labels that the owner marked as wrong."""
        labels = [label for label in image.labels if label.verdict is not Verdict.WRONG]
        tags = [tag for label in labels for tag in label.tags]
        return cls(
            image.alt_text.text if image.alt_text else "",
            tuple(label.name for label in labels),
            (*tags, *(image.model_tags.tags if image.model_tags else ())),
        )

    def count_matches(self, query: Sequence[str]) -> int:
        """Return how many of these words the image has."""
        words = {word for text in (self.alt_text, *self.labels, *self.tags) for word in indexed_words(text)}
        loose = {strip_optional_marks(word) for word in words}
        return sum(word in words or strip_optional_marks(word) in loose for word in query)


@dataclass(frozen=True, slots=True)
class Document:
    """The searchable content of a post: each word with its best field, each tag with its source, and each tag as the
    author typed it."""

    words: Mapping[str, Field] = field(default_factory=dict)
    tags: Mapping[str, frozenset[TagSource]] = field(default_factory=dict)
    typed_tags: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, images: Sequence[ImageText]) -> "Document":
        model_words = [name for image in images for name in (*image.labels, *image.tags)]
        fields: dict[str, Field] = {}
        for text_field, parts in (
            (Field.TEXT, [text]),
            (Field.ALT_TEXT, [image.alt_text for image in images]),
            (Field.LABEL, model_words),
        ):
            _add_words(fields, text_field, (word for part in parts for word in indexed_words(part)))
        _add_words(fields, Field.LOOSE, [strip_optional_marks(word) for word in fields])
        typed, sources = hashtags(text), dict[str, set[TagSource]]()
        for by, tags in ((TagSource.HUMAN, typed), (TagSource.MODEL, map(tag_key, model_words))):
            for tag in filter(None, tags):
                sources.setdefault(tag, set()).add(by)
        return cls(fields, {tag: frozenset(by) for tag, by in sources.items()}, typed)

    def score(self, query: Sequence[str]) -> float | None:
        """Return the sum of the weights of the words' fields; None unless the document has all words."""
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
    """A post with all words of the query. `image_id` is the image that has most of them."""

    view: PostView
    image_id: ImageId
    score: float

    @classmethod
    def of(cls, view: PostView, query: Sequence[str], score: float) -> "SearchHit":
        best, *others = view.images
        if others:
            best = max(view.images, key=lambda image: ImageText.of(image).count_matches(query))
        return cls(view, best.id, score)


class SearchIndex(Protocol):
    """The search index of a unit of work."""

    @abstractmethod
    async def refresh(self, *post_ids: PostId) -> None:
        """Re-index the posts: their texts and the alt texts, labels and tags of their images. Call this after every
        change of these. Has no effect on a deleted post."""

    @abstractmethod
    async def refresh_names(self, *user_ids: UserId) -> None:
        """Re-index the displayed names of the users by the rules of `INDEX_VERSION`. Has no effect on a deleted
        user."""


class SearchReader(Protocol):
    """Searches. Reads run outside any unit of work."""

    @abstractmethod
    async def posts(self, query: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        """Return posts with all of these words, best score first, then newest. Only the `MAX_SEARCHED_POSTS` newest
        visible posts of authors that the viewer does not mute are considered. Raises `Unavailable` when too many
        searches run at once, and when this one takes too long."""

    @abstractmethod
    async def unindexed_posts(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        """Return posts not indexed with `INDEX_VERSION`, lowest ids first, above `after`."""

    @abstractmethod
    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:
        """Return users whose names are not indexed with `INDEX_VERSION`, lowest ids first, above `after`."""

    @abstractmethod
    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        """Return users whose username or displayed name (by `name_key`) has this prefix: exact matches first, then by
        followers and username; without users separated from the viewer by a block."""


def parse_query(text: str) -> list[str]:
    """Return the index terms that a post must have to contain every word of a query. Raises `Invalid` when there is no
    word, or too many."""
    words = dict.fromkeys(
        tuple(word) for word in query_words(validate_text("q", text, min_length=1, max_length=MAX_QUERY))
    )
    if not words:
        raise Invalid.of(FieldError("q", "no_word", "contains no word; use letters, digits or emoji", actual=text))
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
    """Return the form of a displayed name that is searched, typable on any keyboard."""
    return strip_optional_marks(" ".join(fold(name).split()))
