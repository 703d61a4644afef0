"""Ranking: what stands out, and why."""

from domain import ranking
from domain.clock import Clock
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.ranking import EPOCH_LIFE, Ranked, Rankings, Window


class Ranking:
    """Raises `CursorExpired` for pages of an order that is no longer kept."""

    def __init__(self, rankings: Rankings, clock: Clock) -> None:
        self._rankings = rankings
        self._clock = clock

    async def most_liked(self, viewer: UserId | None, window: Window, page: PageRequest) -> Page[Ranked]:
        """Posts published within the window, most likes first, then newest."""
        found = await self._rankings.most_liked(viewer, window, self._clock.now(), page)
        return Page(tuple(map(ranking.most_liked, found.items)), found.next)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[Ranked]:
        """Each author's best post by likes and youth; see `domain.ranking.trending_key`."""
        found = await self._rankings.trending(viewer, self._clock.now(), page)
        return Page(tuple(map(ranking.trending, found.items)), found.next)

    async def forget_past(self) -> None:
        """Orders that nobody can go on with any more."""
        await self._rankings.forget(self._clock.now() - EPOCH_LIFE)
