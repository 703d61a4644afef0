"""The cost of a million of each: bytes on disk with all indexes, and CPU seconds of the database and of this
process."""

import asyncio
import itertools
import os
from collections.abc import Awaitable, Callable

import psutil

from adapters.pillow.sample_image import sample_image
from bench.social.data import Dataset
from domain.follows import CannotFollowSelf, FollowLimitReached

TABLES = {
    "posts": ("posts", "search_documents", "post_tags"),
    "images": ("images", "understandings", "image_labels"),
    "likes": ("likes",),
    "follows": ("follows",),
    "people": ("users",),
}
_COUNT_TABLES = {"posts": "posts", "images": "images", "likes": "likes", "follows": "follows", "people": "users"}
CONCURRENCY = 16


async def measure(filled: Dataset) -> dict[str, tuple[float, float]]:
    """(gigabytes, CPU seconds) per million, by name; 0 seconds if not measured."""
    gigabytes = await _gigabytes(filled)
    seconds = {
        "posts": await _seconds(_make_publish(filled), 300),
        "likes": await _seconds(_make_like(filled), 10_000),
        "follows": await _seconds(_make_follow(filled), 3_000),
    }
    return {name: (size, seconds.get(name, 0.0)) for name, size in gigabytes.items()}


async def _gigabytes(filled: Dataset) -> dict[str, float]:
    sizes_by_name = {}
    async with filled.container.database().connection() as connection:
        for name, tables in TABLES.items():
            sizes = [
                await connection.fetchval("select pg_total_relation_size($1::regclass)", table) for table in tables
            ]
            rows = await connection.fetchval(f"select count(*) from {_COUNT_TABLES[name]}")  # noqa: S608 — constants
            sizes_by_name[name] = sum(sizes) / rows * 1e6 / 1e9
    return sizes_by_name


async def _seconds(act: Callable[[], Awaitable[object]], times: int) -> float:
    """CPU seconds per million, extrapolated from `times` calls by `AT_ONCE` clients."""
    left = iter(range(times))

    async def client() -> None:
        for _ in left:
            await act()

    before = _processor()
    await asyncio.gather(*(client() for _ in range(CONCURRENCY)))
    return (_processor() - before) / times * 1e6


def _processor() -> float:
    """CPU seconds used so far by this process and by all PostgreSQL processes of this machine."""
    family = [psutil.Process(os.getpid())]
    family += [one for one in psutil.process_iter(["name"]) if one.info["name"] == "postgres"]
    total = 0.0
    for one in family:
        try:
            times = one.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return total


def _make_publish(filled: Dataset) -> Callable[[], Awaitable[object]]:
    """Each post has a small, unique image, which is decoded and stored in three sizes."""
    container, people, sizes = filled.container, itertools.cycle(filled.likers), itertools.count(400)

    async def publish() -> None:
        author = next(people)
        image = await container.uploading().upload(author, sample_image(next(sizes), 480), exempt=True)
        await container.posting().publish(author, "generated for a measurement", (image.id,))

    return publish


def _make_like(filled: Dataset) -> Callable[[], Awaitable[object]]:
    wishes = zip(reversed(filled.posts), itertools.cycle(filled.likers[5_000:]), strict=False)

    async def like() -> None:
        await filled.container.liking().like(*next(wishes))

    return like


def _make_follow(filled: Dataset) -> Callable[[], Awaitable[object]]:
    names = iter(filled.names)
    followers = itertools.cycle(filled.likers[:50])

    async def follow() -> None:
        try:
            await filled.container.following().follow(next(followers), next(names))
        except (CannotFollowSelf, FollowLimitReached):
            return

    return follow
