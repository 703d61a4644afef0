"""Likes by concurrent clients: Tintype's batched likes, and a common transaction per like."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from statistics import median

import asyncpg

from bench.social.data import Dataset
from bench.targets import ROUNDS
from domain.ids import NotificationId, PostId, UserId

SECONDS = 1.5
CLIENTS = (1, 4, 16, 48)

# A like and its count in one statement and one commit; likes of the same post wait for each other's commits.
ROW_LOCK = """
with new as (
  insert into likes (post_id, user_id, created_at) values ($1, $2, $3) on conflict do nothing returning post_id)
update posts set like_count = like_count + 1 where id in (select post_id from new)"""

Like = Callable[[PostId, UserId], Awaitable[object]]


@dataclass(frozen=True)
class Rate:
    """Likes per second, and the median of the milliseconds of each."""

    per_second: float
    p50: float


async def measure(filled: Dataset) -> dict[str, dict[int, list[Rate]]]:
    """A rate for each round, by name and number of clients. Hot and spread likes take turns."""
    pool = await asyncpg.create_pool(filled.url, min_size=16, max_size=16)
    likes, ids = filled.container.storage().likes, filled.container.ids()

    async def with_own_commit(post_id: PostId, user_id: UserId) -> None:
        await pool.execute(ROW_LOCK, post_id, user_id, datetime.now(UTC))

    async def ours(post_id: PostId, user_id: UserId) -> None:
        if await likes.add(post_id, user_id, datetime.now(UTC), NotificationId(ids.new())) is None:
            raise SystemExit("a like was refused")

    rates: dict[str, dict[int, list[Rate]]] = {}
    likes_to_add = _LikeSource(filled)
    sources = {"one hot post": likes_to_add.hot, "spread over many": likes_to_add.spread}
    for _, clients in product(range(ROUNDS), CLIENTS):
        for name, like in (("one commit each", with_own_commit), ("batched", ours)):
            for where, source in sources.items():
                by_clients = rates.setdefault(f"{name}, {where}", {})
                by_clients.setdefault(clients, []).append(await _add_likes(like, source(), clients))
    await pool.close()
    await filled.container.storage().counters.repair()  # the single statement does not update the trending key
    return rates


class _LikeSource:
    """Posts and users for likes, without repetition."""

    def __init__(self, filled: Dataset) -> None:
        self._filled = filled
        self._posts = iter(filled.posts)
        self._turn = itertools.count()

    def hot(self) -> Iterator[tuple[PostId, UserId]]:
        while True:
            post = next(self._posts)
            yield from ((post, user) for user in self._filled.likers)

    def spread(self) -> Iterator[tuple[PostId, UserId]]:
        half, likers = self._filled.posts[len(self._filled.posts) // 2 :], self._filled.likers
        for turn in self._turn:
            yield half[turn % len(half)], likers[(turn + turn // len(half)) % len(likers)]


async def _add_likes(like: Like, likes_to_add: Iterator[tuple[PostId, UserId]], clients: int) -> Rate:
    stop, durations = time.perf_counter() + SECONDS, []

    async def client() -> None:
        while (start := time.perf_counter()) < stop:
            await like(*next(likes_to_add))
            durations.append((time.perf_counter() - start) * 1000)

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Rate(len(durations) / (time.perf_counter() - began), median(durations))
