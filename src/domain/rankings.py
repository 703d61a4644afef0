"""Rankings: pure score functions with their parts, and the port of the ranked lists.

Both rankings are ordered by a key that only a like or unlike changes. An index can therefore hold the key, and time
alone never reorders a list. All pages of one pagination session show the same snapshot.
"""

import math
from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.ids import UserId
from domain.pages import CursorExpired, Page, PageRequest
from domain.post_views import PostView

HALF_LIFE = timedelta(hours=12)
"""The age difference that outweighs a doubling of likes in the trending list."""
SNAPSHOT_LIFETIME = timedelta(minutes=15)
"""How long the pages of a snapshot can be requested."""
MAX_RANKING_DEPTH = 10_000
"""The number of posts in a snapshot, and so the maximum depth of pagination."""
MAX_SNAPSHOTS = 500
"""The number of snapshots stored at once, 4 KB for every 100 posts read. A new one replaces the oldest."""


class Window(StrEnum):
    """The most-liked list contains posts published within this time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    def since(self, now: datetime) -> datetime | None:
        """Return the beginning of the window; None for all time. A month has 30 days, a year 365."""
        days = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}.get(self)
        return None if days is None else now - timedelta(days=days)


def trending_key(likes: int, published: datetime) -> float:
    """Return the sort key of the trending list, highest first: log2(1 + likes) + published / HALF_LIFE.

    Exponential decay, (1 + likes) * 2^(-age / HALF_LIFE), has the same order at every time: its logarithm differs from
    this key only by now / HALF_LIFE, which is equal for all posts. The time-shifted logarithm of votes is the idea of
    Reddit's "hot" (reddit/r2, `_sorts.pyx`, 2008), which uses base 10 and 45,000 seconds.
    """
    return math.log2(1 + likes) + published.timestamp() / HALF_LIFE.total_seconds()


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The parts of a score, so that readers can recompute it. `half_life_seconds` is None where age is not used."""

    likes: int
    age_seconds: float
    half_life_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RankedPost:
    """A post in a ranking. `rank` counts from 1 over the whole list, not the page."""

    rank: int
    score: float
    why: ScoreParts
    view: PostView


@dataclass(frozen=True, slots=True)
class RankPosition:
    """A post at its rank in a snapshot taken at `snapshot_at`, with the `likes` of that time; `view` is current."""

    rank: int
    likes: int
    snapshot_at: datetime
    view: PostView

    @property
    def age_seconds(self) -> float:
        """Return the age at the time of the snapshot."""
        return max(0.0, (self.snapshot_at - self.view.post.created_at).total_seconds())


def score_most_liked(position: RankPosition) -> RankedPost:
    """Return the post with the number of likes as its score."""
    return RankedPost(
        position.rank, float(position.likes), ScoreParts(position.likes, position.age_seconds), position.view
    )


def score_trending(position: RankPosition) -> RankedPost:
    """Return the post with the score log2(1 + likes) - age / half-life: `trending_key` relative to the snapshot's
    time."""
    likes, age, half_life = position.likes, position.age_seconds, HALF_LIFE.total_seconds()
    return RankedPost(
        position.rank, math.log2(1 + likes) - age / half_life, ScoreParts(likes, age, half_life), position.view
    )


class RankingReader(Protocol):
    """Public posts in ranked order.

    A request without a cursor reflects every like acknowledged before it. Later pages show the order of that snapshot,
    down to `MAX_RANKING_DEPTH` posts, whatever likes follow. Posts published later are not in it; posts deleted or
    hidden later are left out. Raises `CursorExpired` when the snapshot is older than `SNAPSHOT_LIFETIME`, or was
    replaced after `MAX_SNAPSHOTS` newer ones.
    """

    @abstractmethod
    async def most_liked(
        self, viewer: UserId | None, window: Window, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        """Return the posts published within the window, most likes first, then newest id. Posts without likes come
        last."""

    @abstractmethod
    async def trending(self, viewer: UserId | None, now: datetime, page: PageRequest) -> Page[RankPosition]:
        """Return each author's best post by (`trending_key`, id), highest first."""


class RankingSnapshots(Protocol):
    """The stored orders of rankings."""

    @abstractmethod
    async def delete_expired(self, before: datetime) -> None:
        """Delete snapshots taken before this time."""


def cursor_expired_error() -> CursorExpired:
    minutes = int(SNAPSHOT_LIFETIME.total_seconds() // 60)
    return CursorExpired(
        f"the snapshot of this ranking is gone; it is kept for at most {minutes} minutes; start from the first page"
    )
