"""Ranking: pure scores that can say why, and the lists ordered by them.

Both rankings are ordered by a key that only a like (or unlike) changes, so that an index can hold it and time alone
never reorders a list. A walk through one shows the order of the moment it began at.
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
"""How much age outweighs a doubling of likes on the trending list."""
SNAPSHOT_LIFETIME = timedelta(minutes=15)
"""How long a walk through a ranking can be gone on with."""
MAX_RANKING_DEPTH = 10_000
"""Posts; a walk ends there."""
MAX_SNAPSHOTS = 500
"""Orders that are kept at once, 110 KB each; a further one replaces the oldest."""


class Window(StrEnum):
    """Posts published within this time take part in most-liked."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"

    def since(self, now: datetime) -> datetime | None:
        """The oldest moment inside the window; None for all time. A month counts 30 days, a year 365."""
        days = {Window.DAY: 1, Window.WEEK: 7, Window.MONTH: 30, Window.YEAR: 365}.get(self)
        return None if days is None else now - timedelta(days=days)


def trending_key(likes: int, published: datetime) -> float:
    """The number that trending is ordered by, highest first: log2(1 + likes) + published / HALF_LIFE.

    Exponential decay, (1 + likes) * 2^(-age / HALF_LIFE), orders posts alike at every moment; its logarithm differs
    from this key only by now / HALF_LIFE, the same for all posts. The idea of a time-shifted logarithm of votes is that
    of Reddit's "hot" (reddit/r2, `_sorts.pyx`, 2008), there with base 10 and 45,000 seconds.
    """
    return math.log2(1 + likes) + published.timestamp() / HALF_LIFE.total_seconds()


@dataclass(frozen=True, slots=True)
class ScoreParts:
    """The parts of a score, so that anybody can compute it again; `half_life_seconds` is None where age has no part."""

    likes: int
    age_seconds: float
    half_life_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RankedPost:
    """A post at its place; `rank` counts from 1 over the whole list, not the page."""

    rank: int
    score: float
    why: ScoreParts
    view: PostView


@dataclass(frozen=True, slots=True)
class RankPosition:
    """A post at its place in a ranking as it was at `moment`, when it had so many `likes`; `view` is of now."""

    rank: int
    likes: int
    snapshot_at: datetime
    view: PostView

    @property
    def age_seconds(self) -> float:
        """At that moment."""
        return max(0.0, (self.snapshot_at - self.view.post.created_at).total_seconds())


def score_most_liked(position: RankPosition) -> RankedPost:
    """The score is the number of likes."""
    return RankedPost(
        position.rank, float(position.likes), ScoreParts(position.likes, position.age_seconds), position.view
    )


def score_trending(position: RankPosition) -> RankedPost:
    """The score is log2(1 + likes) - age / half-life: `trending_key`, counted from its moment."""
    likes, age, half_life = position.likes, position.age_seconds, HALF_LIFE.total_seconds()
    return RankedPost(
        position.rank, math.log2(1 + likes) - age / half_life, ScoreParts(likes, age, half_life), position.view
    )


class RankingReader(Protocol):
    """Public posts in ranked order.

    A request without a cursor reflects every like acknowledged before it. The pages after it show that moment's order,
    however likes pour in, down to `MAX_RANKING_DEPTH` posts: what was published since stands in none of them, and what
    was deleted or hidden since is left out. Raises `CursorExpired` when that moment is `SNAPSHOT_LIFETIME` past, or
    when `MAX_SNAPSHOTS` later orders replaced it.
    """

    @abstractmethod
    async def most_liked(
        self, viewer: UserId | None, window: Window, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        """Posts published within the window, most likes first, then newest id; those without a like at the end."""

    @abstractmethod
    async def trending(self, viewer: UserId | None, now: datetime, page: PageRequest) -> Page[RankPosition]:
        """Each author's best post by (`trending_key`, id), highest first."""

    @abstractmethod
    async def delete_expired(self, before: datetime) -> None:
        """What is kept of moments before this one is needed no more."""


def cursor_expired_error() -> CursorExpired:
    minutes = int(SNAPSHOT_LIFETIME.total_seconds() // 60)
    return CursorExpired(f"the ranking has moved on: its order is kept for {minutes} minutes at most; start again")
