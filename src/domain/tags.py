"""Tags: words that group posts, typed by users (`#dog`) or derived from images by models."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.post_views import PostView
from domain.search import TagSource

TODAY = timedelta(days=1)
REFERENCE_PERIOD = timedelta(days=7)
"""The period with which today is compared."""
MAX_COUNTED = 1_000
"""The maximum count of the posts of a tag."""
MAX_RISING = 100
RISING_LIFETIME = timedelta(minutes=1)
"""How long a list of rising tags is shown."""


@dataclass(frozen=True, slots=True)
class TaggedPost:
    """A post with a tag, and the sources of the tag."""

    view: PostView
    said_by: frozenset[TagSource]


@dataclass(frozen=True, slots=True)
class TagUse:
    """The number of users who published public posts with a tag within `TODAY`, and within the `REFERENCE_PERIOD`
    before."""

    tag: str
    today: int
    before: int
    said_by: frozenset[TagSource]

    @property
    def rise(self) -> float:
        """Return how far today exceeds the average of the days before: `(today - expected)² / expected`, where
        `expected` is at least one user; 0 if it does not. Mastodon ranks trends by this formula
        (`app/models/trends/tags.rb`). Users are counted, not posts, so that one user's many posts do not raise a tag.
        """
        expected = max(1.0, self.before * (TODAY / REFERENCE_PERIOD))
        return (self.today - expected) ** 2 / expected if self.today > expected else 0.0


@dataclass(frozen=True, slots=True)
class RisingTag:
    """A rising tag. `tag` is its most frequent spelling; `posts_count` is the number of public posts, up to
    `MAX_COUNTED`."""

    tag: str
    posts_count: int
    said_by: frozenset[TagSource]


@dataclass(frozen=True, slots=True)
class RisingTagList:
    """The rising tags at a moment, steepest rise first."""

    computed_at: datetime
    tags: tuple[RisingTag, ...]

    def is_fresh(self, now: datetime) -> bool:
        return now - self.computed_at <= RISING_LIFETIME


class RisingTagLists(Protocol):
    """The list that all processes show."""

    @abstractmethod
    async def current(self) -> RisingTagList | None:
        """Return the stored list; None before the first one."""

    @abstractmethod
    async def save(self, rising: RisingTagList) -> None:
        """Store the list, unless the stored one is fresh at that moment."""


class TagReader(Protocol):
    """Posts by tag. Reads run outside any unit of work."""

    @abstractmethod
    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        """Return the visible posts with the tag of this key, newest first, without those of muted authors."""

    @abstractmethod
    async def recent_uses(self, now: datetime) -> Sequence[TagUse]:
        """Return every tag of a public post published within `TODAY`."""

    @abstractmethod
    async def counts(self, tags: Sequence[str]) -> Sequence[int]:
        """Return the number of public posts with each tag, up to `MAX_COUNTED`."""

    @abstractmethod
    async def spellings(self, tags: Sequence[str]) -> Sequence[str]:
        """Return the most frequent spelling of each tag in the oldest `MAX_COUNTED` public posts with it, the first of
        equals; the key itself where nobody typed it."""
