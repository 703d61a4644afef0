from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from adapters.memory.paging import Entry
from adapters.memory.restrictions import restriction_of
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, audience, is_listed_publicly
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position
from domain.post_views import PostView
from domain.posts import Post, Visibility
from domain.rankings import (
    MAX_RANKING_DEPTH,
    MAX_SNAPSHOTS,
    SNAPSHOT_LIFETIME,
    RankingReader,
    RankPosition,
    Window,
    cursor_expired_error,
    trending_key,
)

Order = Callable[[Iterable[Post]], list[Entry[Post]]]


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


class MemoryRankingReader(RankingReader):
    def __init__(
        self, store: MemoryStore, max_depth: int = MAX_RANKING_DEPTH, max_snapshots: int = MAX_SNAPSHOTS
    ) -> None:
        self._store = store
        self._max_depth = max_depth
        self._max_snapshots = max_snapshots
        self._first_pages: dict[UUID, FirstPage] = {}
        self._snapshots: dict[UUID, RankingSnapshot] = {}

    async def most_liked(
        self, viewer: UserId | None, window: Window, now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        def order(at: datetime) -> Order:
            since = window.since(at)
            return lambda posts: _sort_descending(
                Entry(post, post.id, float(post.like_count))
                for post in posts
                if since is None or post.created_at >= since
            )

        return self._page(viewer, order, now, page)

    async def trending(self, viewer: UserId | None, now: datetime, page: PageRequest) -> Page[RankPosition]:
        return self._page(viewer, lambda _at: _best_of_each_author, now, page)

    async def delete_expired(self, before: datetime) -> None:
        self._first_pages = {key: one for key, one in self._first_pages.items() if one.snapshot_at >= before}
        self._snapshots = {key: snapshot for key, snapshot in self._snapshots.items() if snapshot.snapshot_at >= before}

    def _page(
        self, viewer: UserId | None, order: Callable[[datetime], Order], now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        if page.after is None:
            return self._first_page(viewer, order(now), now, page.limit)
        key, after = page.after.id, page.after
        if after.snapshot_token and key not in self._snapshots and key in self._first_pages:
            first_page = self._first_pages[key]
            self._snapshots[key] = self._make_snapshot(first_page, order(first_page.snapshot_at))
            if len(self._snapshots) > self._max_snapshots:
                others = (other for other in self._snapshots if other != key)
                del self._snapshots[min(others, key=lambda other: self._snapshots[other].snapshot_at)]
        snapshot = self._snapshots.get(key)
        if snapshot is None or snapshot.snapshot_at < now - SNAPSHOT_LIFETIME:
            raise cursor_expired_error()
        visible = list(
            islice(
                self._visible_from(viewer, snapshot.order, 0 if after.snapshot_token else int(after.key)),
                page.limit + 1,
            )
        )
        items = tuple(
            RankPosition(rank, likes, snapshot.snapshot_at, view)
            for rank, (_, likes, view) in enumerate(visible[: page.limit], after.rank + 1)
        )
        if len(visible) == len(items):
            return Page(items)
        return Page(items, Position(key, float(visible[page.limit - 1][0]), items[-1].rank))

    def _first_page(self, viewer: UserId | None, order: Order, now: datetime, limit: int) -> Page[RankPosition]:
        tables = self._store.committed
        views = Views(tables, viewer)
        entries = [entry for entry in order(self._public_posts()) if is_listed_publicly(tables, viewer, entry.row)]
        first_entries = tuple(entries[:limit])
        items = tuple(
            RankPosition(rank, entry.row.like_count, now, views.post(entry.row))
            for rank, entry in enumerate(first_entries, 1)
        )
        if len(entries) == len(first_entries):
            return Page(items)
        key = uuid4()
        self._first_pages[key] = FirstPage(now, tuple(tables.posts.values()), first_entries)
        if len(self._first_pages) > self._max_snapshots:
            del self._first_pages[next(iter(self._first_pages))]
        return Page(items, Position(key, rank=len(first_entries), snapshot_token="first"))  # noqa: S106

    def _make_snapshot(self, first_page: FirstPage, order: Order) -> RankingSnapshot:
        """Return the order at that time, of the posts that still exist and are public now."""
        present = {post.id for post in self._public_posts()}
        authors = {entry.row.author_id for entry in first_page.first_entries}
        last = first_page.first_entries[-1].sort_key
        rest = [
            entry.row
            for entry in order(post for post in first_page.posts if post.id in present)
            if entry.sort_key < last and not (order is _best_of_each_author and entry.row.author_id in authors)
        ]
        return RankingSnapshot(first_page.snapshot_at, tuple(rest[: self._max_depth - len(first_page.first_entries)]))

    def _visible_from(
        self, viewer: UserId | None, order: tuple[Post, ...], start: int
    ) -> Iterator[tuple[int, int, PostView]]:
        """Yield the posts visible from a position on: the position after it, its likes in the snapshot, the post."""
        tables = self._store.committed
        views = Views(tables, viewer)
        for rank, then in enumerate(order[start:], start + 1):
            post = tables.posts.get(then.id)
            if post is not None and is_listed_publicly(tables, viewer, post):
                yield rank, then.like_count, views.post(post)

    def _public_posts(self) -> list[Post]:
        tables = self._store.committed
        return [
            post
            for post in tables.posts.values()
            if audience(tables, post) is Visibility.PUBLIC and not restriction_of(tables, post).limited
        ]


def _sort_descending(entries: Iterable[Entry[Post]]) -> list[Entry[Post]]:
    return sorted(entries, key=lambda entry: entry.sort_key, reverse=True)


def _best_of_each_author(posts: Iterable[Post]) -> list[Entry[Post]]:
    best: dict[UserId, Entry[Post]] = {}
    for entry in _sort_descending(
        Entry(post, post.id, trending_key(post.like_count, post.created_at)) for post in posts
    ):
        best.setdefault(entry.row.author_id, entry)
    return list(best.values())
