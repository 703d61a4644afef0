from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.memory.store import MemoryStore, Transaction
from adapters.memory.tables import Tables
from domain.counters import COUNTERS, CounterCheck, Counters, Drift
from domain.ids import PostId, UserId


class MemoryCounters(Counters):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._last: CounterCheck | None = None

    async def verify(self) -> Sequence[Drift]:
        return list(_drifts(self._store.committed))

    async def record_check(self, now: datetime) -> None:
        counts = Counter(drift.counter for drift in _drifts(self._store.committed))
        self._last = CounterCheck(now, {counter: counts[counter] for counter in COUNTERS})

    async def last_check(self) -> CounterCheck | None:
        return self._last

    async def repair(self) -> Sequence[Drift]:
        transaction = Transaction(self._store)
        try:
            tables = await transaction.tables()
            drifts = list(_drifts(tables))
            for drift in drifts:
                _repair(tables, drift)
            await transaction.commit()
        finally:
            await transaction.end()
        return drifts


def _drifts(tables: Tables) -> Iterator[Drift]:
    likes = Counter(post_id for post_id, _ in tables.likes)
    comments = Counter(comment.post_id for comment in tables.comments.values())
    for post in tables.posts.values():
        yield from _compare("post.like_count", post.id, post.like_count, likes)
        yield from _compare("post.comment_count", post.id, post.comment_count, comments)
    followers = Counter(followee for _, followee in tables.follows)
    following = Counter(follower for follower, _ in tables.follows)
    posts = Counter(post.author_id for post in tables.posts.values())
    for user in tables.users.values():
        yield from _compare("user.followers_count", user.id, user.followers_count, followers)
        yield from _compare("user.following_count", user.id, user.following_count, following)
        yield from _compare("user.posts_count", user.id, user.posts_count, posts)


def _compare(counter: str, row_id: Any, stored: int, rows: Counter[Any]) -> Iterator[Drift]:
    if stored != rows[row_id]:
        yield Drift(counter, row_id, stored, rows[row_id])


def _repair(tables: Tables, drift: Drift) -> None:
    table, counter = drift.counter.split(".")
    changes: dict[str, Any] = {counter: drift.actual}
    if table == "post":
        post_id = PostId(drift.id)
        tables.posts[post_id] = replace(tables.posts[post_id], **changes)
    else:
        user_id = UserId(drift.id)
        tables.users[user_id] = replace(tables.users[user_id], **changes)
