from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice

from adapters.memory.paging import Entry
from adapters.memory.ranking_snapshots import FirstPage, MemoryRankingSnapshots, RankingSnapshot
from adapters.memory.restrictions import restriction_of
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, audience, is_listed_publicly
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position
from domain.post_views import PostView
from domain.posts import Post, Visibility
from domain.rankings import (
    SNAPSHOT_LIFETIME,
    RankingReader,
    RankPosition,
    Window,
    cursor_expired_error,
    trending_key,
)

Order = Callable[[Iterable[Post]], list[Entry[Post]]]


class MemoryRankingReader(RankingReader):
    def __init__(self, store: MemoryStore, snapshots: MemoryRankingSnapshots, max_depth: int) -> None:
        self._store = store
        self._snapshots = snapshots
        self._max_depth = max_depth

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

    def _page(
        self, viewer: UserId | None, order: Callable[[datetime], Order], now: datetime, page: PageRequest
    ) -> Page[RankPosition]:
        if page.after is None:
            return self._first_page(viewer, order(now), now, page.limit)
        key, after = page.after.id, page.after

        def compute(first_page: FirstPage) -> RankingSnapshot:
            return self._make_snapshot(first_page, order(first_page.snapshot_at))

        snapshot = self._snapshots.find_or_add(key, compute) if after.snapshot_token else self._snapshots.find(key)
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
        key = self._snapshots.add_first_page(FirstPage(now, tuple(tables.posts.values()), first_entries))
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
