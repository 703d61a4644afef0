"""Ranked lists of posts with their scores."""

from domain import rankings
from domain.clock import Clock
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.rankings import SNAPSHOT_LIFETIME, RankedPost, RankingReader, RankingSnapshots, Window


class Ranking:
    """Rankings. Raises `CursorExpired` for pages of a snapshot that no longer exists."""

    def __init__(self, ranking_reader: RankingReader, ranking_snapshots: RankingSnapshots, clock: Clock) -> None:
        self._ranking_reader = ranking_reader
        self._ranking_snapshots = ranking_snapshots
        self._clock = clock

    async def most_liked(self, viewer: UserId | None, window: Window, page: PageRequest) -> Page[RankedPost]:
        """Return posts published within the window, most likes first, then newest."""
        ranking = await self._ranking_reader.most_liked(viewer, window, self._clock.now(), page)
        return Page(tuple(map(rankings.score_most_liked, ranking.items)), ranking.next)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[RankedPost]:
        """Return each author's best post by likes and age; see `domain.rankings.trending_key`."""
        ranking = await self._ranking_reader.trending(viewer, self._clock.now(), page)
        return Page(tuple(map(rankings.score_trending, ranking.items)), ranking.next)

    async def delete_expired(self) -> None:
        """Delete expired snapshots."""
        await self._ranking_snapshots.delete_expired(self._clock.now() - SNAPSHOT_LIFETIME)
