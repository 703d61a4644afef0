"""Ranking: what stands out, and why."""

from collections.abc import Callable
from datetime import datetime

from domain import ranking
from domain.clock import Clock
from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.ranking import Ranked, Rankings, Window

Scored = Callable[[int, PostView, datetime], Ranked]


class Ranking:
    def __init__(self, rankings: Rankings, clock: Clock) -> None:
        self._rankings = rankings
        self._clock = clock

    async def most_liked(self, viewer: UserId | None, window: Window, page: PageRequest) -> Page[Ranked]:
        """Posts published within the window, most likes first, then newest."""
        now = self._clock.now()
        found = await self._rankings.most_liked(viewer, window.since(now), page)
        return _ranked(found, page, now, ranking.most_liked)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[Ranked]:
        """Posts by likes and youth; see `domain.ranking.trending_key`."""
        now = self._clock.now()
        return _ranked(await self._rankings.trending(viewer, page), page, now, ranking.trending)


def _ranked(found: Page[PostView], page: PageRequest, now: datetime, scored: Scored) -> Page[Ranked]:
    first = page.after.rank + 1 if page.after else 1
    return Page(tuple(scored(rank, view, now) for rank, view in enumerate(found.items, first)), found.next)
