from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid4

from adapters.memory.paging import Entry
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, audience, is_listed
from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest, Position
from domain.posts import Post, Visibility
from domain.ranking import EPOCH_LIFE, LONGEST_WALK, MOST_WALKS, Placed, Rankings, Window, cursor_expired, trending_key

Order = Callable[[Iterable[Post]], list[Entry[Post]]]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a first page leaves: the world of its moment, and what it showed."""

    moment: datetime
    posts: tuple[Post, ...]
    shown: tuple[Entry[Post], ...]


@dataclass(frozen=True, slots=True)
class Epoch:
    """The order after a first page: posts with the likes they had."""

    moment: datetime
    order: tuple[Post, ...]


class MemoryRankings(Rankings):
    def __init__(self, store: MemoryStore, longest_walk: int = LONGEST_WALK, most_walks: int = MOST_WALKS) -> None:
        self._store = store
        self._longest_walk = longest_walk
        self._most_walks = most_walks
        self._beginnings: dict[UUID, Beginning] = {}
        self._epochs: dict[UUID, Epoch] = {}

    async def most_liked(self, viewer: UserId | None, window: Window, now: datetime, page: PageRequest) -> Page[Placed]:
        def order(moment: datetime) -> Order:
            since = window.since(moment)
            return lambda posts: _down(
                Entry(post, post.id, float(post.like_count))
                for post in posts
                if since is None or post.created_at >= since
            )

        return self._page(viewer, order, now, page)

    async def trending(self, viewer: UserId | None, now: datetime, page: PageRequest) -> Page[Placed]:
        return self._page(viewer, lambda _moment: _best_of_each_author, now, page)

    async def forget(self, before: datetime) -> None:
        self._beginnings = {key: one for key, one in self._beginnings.items() if one.moment >= before}
        self._epochs = {key: epoch for key, epoch in self._epochs.items() if epoch.moment >= before}

    def _page(
        self, viewer: UserId | None, order: Callable[[datetime], Order], now: datetime, page: PageRequest
    ) -> Page[Placed]:
        if page.after is None:
            return self._first(viewer, order(now), now, page.limit)
        key, after = page.after.id, page.after
        if after.moment and key not in self._epochs and key in self._beginnings:
            beginning = self._beginnings[key]
            self._epochs[key] = self._opened(beginning, order(beginning.moment))
            if len(self._epochs) > self._most_walks:
                others = (other for other in self._epochs if other != key)
                del self._epochs[min(others, key=lambda other: self._epochs[other].moment)]
        epoch = self._epochs.get(key)
        if epoch is None or epoch.moment < now - EPOCH_LIFE:
            raise cursor_expired()
        seen = list(islice(self._seen(viewer, epoch.order, 0 if after.moment else int(after.key)), page.limit + 1))
        items = tuple(
            Placed(rank, likes, epoch.moment, view)
            for rank, (_, likes, view) in enumerate(seen[: page.limit], after.rank + 1)
        )
        if len(seen) == len(items):
            return Page(items)
        return Page(items, Position(key, float(seen[page.limit - 1][0]), items[-1].rank))

    def _first(self, viewer: UserId | None, order: Order, now: datetime, limit: int) -> Page[Placed]:
        tables = self._store.committed
        views = Views(tables, viewer)
        entries = [entry for entry in order(self._public()) if is_listed(tables, viewer, entry.row)]
        shown = tuple(entries[:limit])
        items = tuple(
            Placed(rank, entry.row.like_count, now, views.post(entry.row)) for rank, entry in enumerate(shown, 1)
        )
        if len(entries) == len(shown):
            return Page(items)
        key = uuid4()
        self._beginnings[key] = Beginning(now, tuple(tables.posts.values()), shown)
        if len(self._beginnings) > self._most_walks:
            del self._beginnings[next(iter(self._beginnings))]
        return Page(items, Position(key, rank=len(shown), moment="begun"))

    def _opened(self, beginning: Beginning, order: Order) -> Epoch:
        """The order of then, of what is there and public now."""
        present = {post.id for post in self._public()}
        authors = {entry.row.author_id for entry in beginning.shown}
        last = beginning.shown[-1].place
        rest = [
            entry.row
            for entry in order(post for post in beginning.posts if post.id in present)
            if entry.place < last and not (order is _best_of_each_author and entry.row.author_id in authors)
        ]
        return Epoch(beginning.moment, tuple(rest[: self._longest_walk - len(beginning.shown)]))

    def _seen(self, viewer: UserId | None, order: tuple[Post, ...], start: int) -> Iterator[tuple[int, int, PostView]]:
        """What is still to be seen from there on: the place after it, the likes it had, the post."""
        tables = self._store.committed
        views = Views(tables, viewer)
        for place, then in enumerate(order[start:], start + 1):
            post = tables.posts.get(then.id)
            if post is not None and audience(tables, post) is Visibility.PUBLIC and is_listed(tables, viewer, post):
                yield place, then.like_count, views.post(post)

    def _public(self) -> list[Post]:
        tables = self._store.committed
        return [post for post in tables.posts.values() if audience(tables, post) is Visibility.PUBLIC]


def _down(entries: Iterable[Entry[Post]]) -> list[Entry[Post]]:
    return sorted(entries, key=lambda entry: entry.place, reverse=True)


def _best_of_each_author(posts: Iterable[Post]) -> list[Entry[Post]]:
    best: dict[UserId, Entry[Post]] = {}
    for entry in _down(Entry(post, post.id, trending_key(post.like_count, post.created_at)) for post in posts):
        best.setdefault(entry.row.author_id, entry)
    return list(best.values())
