from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from adapters.memory.paging import Entry
from domain.posts import Post
from domain.rankings import RankingSnapshots


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The tables at the time of a first page, and the posts it showed."""

    snapshot_at: datetime
    posts: tuple[Post, ...]
    first_entries: tuple[Entry[Post], ...]


@dataclass(frozen=True, slots=True)
class RankingSnapshot:
    """The order after a first page: posts with their likes at that time."""

    snapshot_at: datetime
    order: tuple[Post, ...]


class MemoryRankingSnapshots(RankingSnapshots):
    """Keeps the newest `limit` first pages, and as many snapshots."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._first_pages: dict[UUID, FirstPage] = {}
        self._snapshots: dict[UUID, RankingSnapshot] = {}

    def add_first_page(self, first_page: FirstPage) -> UUID:
        """Return the key under which the snapshot after this page is found."""
        key = uuid4()
        self._first_pages[key] = first_page
        if len(self._first_pages) > self._limit:
            del self._first_pages[next(iter(self._first_pages))]
        return key

    def find(self, key: UUID) -> RankingSnapshot | None:
        return self._snapshots.get(key)

    def find_or_add(self, key: UUID, compute: Callable[[FirstPage], RankingSnapshot]) -> RankingSnapshot | None:
        """Return the snapshot, computed from its first page if it is new; None if both are gone."""
        if key not in self._snapshots and key in self._first_pages:
            self._snapshots[key] = compute(self._first_pages[key])
            if len(self._snapshots) > self._limit:
                others = (other for other in self._snapshots if other != key)
                del self._snapshots[min(others, key=lambda other: self._snapshots[other].snapshot_at)]
        return self.find(key)

    async def delete_expired(self, before: datetime) -> None:
        self._first_pages = {key: one for key, one in self._first_pages.items() if one.snapshot_at >= before}
        self._snapshots = {key: snapshot for key, snapshot in self._snapshots.items() if snapshot.snapshot_at >= before}
