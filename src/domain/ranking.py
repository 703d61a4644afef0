"""Ranking: pure scores that can say why, and the lists ordered by them.

Both rankings are ordered by a key that only a like (or unlike) changes, so that an index can hold it and time alone
never reorders a list.
"""

import math
from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest

HALF_LIFE = timedelta(hours=12)
"""How much age outweighs a doubling of likes on the trending list."""


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
class Why:
    """The parts of a score, so that anybody can compute it again; `half_life_seconds` is None where age has no part."""

    likes: int
    age_seconds: float
    half_life_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A post at its place; `rank` counts from 1 over the whole list, not the page."""

    rank: int
    score: float
    why: Why
    view: PostView


def most_liked(rank: int, view: PostView, now: datetime) -> Ranked:
    """The score is the number of likes."""
    likes = view.post.like_count
    return Ranked(rank, float(likes), Why(likes, _age(view, now)), view)


def trending(rank: int, view: PostView, now: datetime) -> Ranked:
    """The score is log2(1 + likes) - age / half-life: `trending_key`, counted from now."""
    likes, age, half_life = view.post.like_count, _age(view, now), HALF_LIFE.total_seconds()
    return Ranked(rank, math.log2(1 + likes) - age / half_life, Why(likes, age, half_life), view)


def _age(view: PostView, now: datetime) -> float:
    return max(0.0, (now - view.post.created_at).total_seconds())


class Rankings(Protocol):
    """Public posts in ranked order. A request without a cursor reflects every like acknowledged before it."""

    @abstractmethod
    async def most_liked(self, viewer: UserId | None, since: datetime | None, page: PageRequest) -> Page[PostView]:
        """Posts published at or after `since`, most likes first, then newest id; those without a like at the end."""

    @abstractmethod
    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        """Posts by `trending_key`, highest first, then newest id."""
