"""Searches from the adapter, and indexing by the worker's service, while pages are read."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from statistics import median

from adapters.postgres.sampling.words import FREQUENCIES, word
from bench.social.data import Dataset
from bench.social.reads import PAGE, milliseconds
from bench.targets import ROUNDS
from domain.ids import UserId
from domain.pages import PageRequest
from domain.services.indexing import BATCH_SIZE

CLIENTS = 30
SECONDS = 2.0
INDEXED = 10_000
PAUSE = 0.02
"""Seconds between two pages that are read during indexing."""

COMMON = [word(0, number) for number in range(FREQUENCIES[0])]
"""Each is in every third post."""
NAMES = {
    "rare": "search, a rare word, ms",
    "common": f"search, common words, {CLIENTS} clients, ms",
    "people": f"search, common words, {CLIENTS} people, ms",
    "pages": "newest page during these searches / alone",
    "indexing": "indexing of 2,000,000 posts, minutes",
}
"""`people` are signed in, so their searches differ. Those of the clients differ by the word only."""


async def measure(filled: Dataset) -> dict[str, list[float]]:
    """The results of each round, by name."""
    found: dict[str, list[float]] = {name: [] for name in NAMES.values()}
    rare = await _rare_words(filled)
    for _ in range(ROUNDS):
        asked = itertools.cycle(rare)
        found[NAMES["rare"]].append(await milliseconds(lambda asked=asked: _search(filled, next(asked))))  # type: ignore[misc]
        alone = await milliseconds(lambda: _newest(filled), 100)
        async with _searching(filled, [None] * CLIENTS) as durations:
            during = await milliseconds(lambda: _newest(filled), 100)
        found[NAMES["common"]].append(median(durations))
        found[NAMES["pages"]].append(during / alone)
        async with _searching(filled, filled.likers[:CLIENTS]) as durations:
            await asyncio.sleep(SECONDS)
        found[NAMES["people"]].append(median(durations))
        found[NAMES["indexing"]].append(await _index(filled) / INDEXED * 2_000_000 / 60)
    return found


async def _rare_words(filled: Dataset) -> list[str]:
    async with filled.container.database().connection() as connection:
        rows = await connection.fetch("select text from posts where id = any($1::uuid[])", filled.posts[:50])
    return [row.text.split()[-1] for row in rows]


async def _search(filled: Dataset, asked: str, viewer: UserId | None = None) -> None:
    page = await filled.container.storage().search_reader.posts([asked], viewer, PageRequest(PAGE))
    if not page.items:
        raise SystemExit(f"nothing was found for {asked}")


async def _newest(filled: Dataset) -> None:
    await filled.container.post_reader().newest(None, PageRequest(PAGE))


@asynccontextmanager
async def _searching(filled: Dataset, viewers: Sequence[UserId | None]) -> AsyncIterator[list[float]]:
    """One client for each viewer searches for common words. Yields the milliseconds of the searches."""
    durations: list[float] = []
    over = asyncio.Event()

    async def client(number: int, viewer: UserId | None) -> None:
        while not over.is_set():
            began = time.perf_counter()
            await _search(filled, COMMON[number % len(COMMON)], viewer)
            durations.append((time.perf_counter() - began) * 1000)

    clients = asyncio.gather(*(client(number, viewer) for number, viewer in enumerate(viewers)))
    yield durations
    over.set()
    await clients


async def _index(filled: Dataset) -> float:
    """Seconds in which `INDEXED` posts are indexed again, while pages are read."""
    async with filled.container.database().connection() as connection:
        await connection.execute(
            "update search_documents set version = 0 where post_id in (select id from posts order by id limit $1)",
            INDEXED,
        )
    checks = itertools.count()
    over = asyncio.Event()

    async def read() -> None:
        while not over.is_set():
            await _newest(filled)
            await asyncio.sleep(PAUSE)

    reading = asyncio.create_task(read())
    began = time.perf_counter()
    # The first check precedes the names of users, of which none is unindexed.
    indexed = await filled.container.indexing().catch_up(lambda: next(checks) > INDEXED // BATCH_SIZE)
    seconds = time.perf_counter() - began
    over.set()
    await reading
    if indexed != INDEXED:
        raise SystemExit(f"{indexed} posts were indexed instead of {INDEXED}")
    return seconds
