"""Tags: words by which posts are found together, typed by people (`#dog`) or read from pictures by models."""

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
"""The days with which today is compared."""
MAX_COUNTED = 1_000
"""Posts of a tag are counted so far."""
MAX_RISING = 100


@dataclass(frozen=True, slots=True)
class TaggedPost:
    """A post with a tag, and who said so."""

    view: PostView
    said_by: frozenset[TagSource]


@dataclass(frozen=True, slots=True)
class TagUse:
    """How many people published something public with a tag within `TODAY`, and within `REFERENCE_PERIOD` that."""

    tag: str
    today: int
    before: int
    said_by: frozenset[TagSource]

    @property
    def rise(self) -> float:
        """How far today is above the average of the days before: `(today - expected)² / expected`, with an expectation
        of at least one person; 0 where it is not above. Mastodon ranks trends so (`app/models/trends/tags.rb`). People
        are counted, not posts, so that one person's flood does not rise."""
        expected = max(1.0, self.before * (TODAY / REFERENCE_PERIOD))
        return (self.today - expected) ** 2 / expected if self.today > expected else 0.0


@dataclass(frozen=True, slots=True)
class RisingTag:
    """`tag` as most people type it; `posts_count` counts public posts, up to `MAX_COUNTED`."""

    tag: str
    posts_count: int
    said_by: frozenset[TagSource]


class TagReader(Protocol):
    """The posts of tags. Reads stand outside any unit of work."""

    @abstractmethod
    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        """Posts with the tag of this key, newest first, of those that the viewer may see and whose authors they do not
        mute."""

    @abstractmethod
    async def recent_uses(self, now: datetime) -> Sequence[TagUse]:
        """Every tag of a public post published within `TODAY`."""

    @abstractmethod
    async def counts(self, tags: Sequence[str]) -> Sequence[int]:
        """How many public posts have each, up to `MAX_COUNTED`."""

    @abstractmethod
    async def spellings(self, tags: Sequence[str]) -> Sequence[str]:
        """How most people type each, of the oldest `MAX_COUNTED` public posts with it, the first of equals; the key
        itself where nobody typed it."""
