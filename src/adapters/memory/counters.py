from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from adapters.memory.transaction import Transaction
from domain.counters import (
    COUNTERS,
    CounterChange,
    CounterCheck,
    Counters,
    Drift,
    count_comment,
    count_follow,
    count_like,
    count_post,
)


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
                tables.add_to_counter(CounterChange(drift.counter, drift.id, drift.actual - drift.stored))
            await transaction.commit()
        finally:
            await transaction.end()
        return drifts


def _drifts(tables: Tables) -> Iterator[Drift]:
    """Compare each stored counter with the sum of the changes of all rows."""
    actual: Counter[tuple[str, UUID]] = Counter()
    for change in _changes(tables):
        actual[change.counter, change.id] += change.by
    for counter in COUNTERS:
        of, _, column = counter.partition(".")
        rows: Iterable[Any] = (tables.posts if of == "post" else tables.users).values()
        for row in rows:
            if getattr(row, column) != actual[counter, row.id]:
                yield Drift(counter, row.id, getattr(row, column), actual[counter, row.id])


def _changes(tables: Tables) -> Iterator[CounterChange]:
    for post_id, _ in tables.likes:
        yield from count_like(post_id)
    for comment in tables.comments.values():
        yield from count_comment(comment.post_id)
    for follower, followee in tables.follows:
        yield from count_follow(follower, followee)
    for post in tables.posts.values():
        yield from count_post(post.author_id)
