"""Pages from the adapters: PostgreSQL and the conversion of its rows, without HTTP."""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench.social.data import Dataset
from bench.targets import ROUNDS
from domain.pages import Page, PageRequest
from domain.rankings import Window

PAGE = 20
FAR_PAGE = 50
SLOWEST = f"slowest of pages 2 to {FAR_PAGE}"
TIMES = 20
PASSES = 3

GROUP_BY = """
select posts.*, likes from posts join (
  select post_id, count(*) as likes from likes group by post_id order by count(*) desc, post_id desc limit 20) as best
on best.post_id = posts.id order by likes desc, posts.id desc"""

Fetch = Callable[[PageRequest], Awaitable[Page[Any]]]


async def measure(datasets: Mapping[int, Dataset]) -> dict[int, dict[str, list[float]]]:
    """Milliseconds by the number of posts and by name: a median for each round. Sizes take turns within a round."""
    found: dict[int, dict[str, list[float]]] = {size: {} for size in datasets}
    for number in range(ROUNDS):
        for size in sorted(datasets, reverse=number % 2 == 1):
            for name, value in (await _measure_once(datasets[size])).items():
                found[size].setdefault(name, []).append(value)
    return found


async def _measure_once(filled: Dataset) -> dict[str, float]:
    medians = {}
    for name, fetch in _lists(filled).items():
        medians[name] = await milliseconds(lambda fetch=fetch: fetch(PageRequest(PAGE)))  # type: ignore[misc]
        passes = [await _page_through(fetch) for _ in range(PASSES)]
        if all(passes):
            medians[f"{name}, page 2"] = median(pages[0] for pages in passes)
            medians[f"{name}, page {FAR_PAGE}"] = median(pages[-1] for pages in passes)
            medians[f"{name}, {SLOWEST}"] = median(max(pages) for pages in passes)
    medians["group by"] = await milliseconds(lambda: _group_by(filled), times=1)
    return medians


def _lists(filled: Dataset) -> dict[str, Fetch]:
    feeds, rankings = filled.container.post_reader(), filled.container.storage().ranking_reader
    lists: dict[str, Fetch] = {
        "most liked": lambda page: rankings.most_liked(None, Window.ALL, datetime.now(UTC), page),
        "most liked of the week": lambda page: rankings.most_liked(None, Window.WEEK, datetime.now(UTC), page),
        "trending": lambda page: rankings.trending(None, datetime.now(UTC), page),
        "newest": lambda page: feeds.newest(None, page),
    }
    for name, reader in filled.readers.items():
        lists[f"home, {name}"] = lambda page, reader=reader: feeds.home(reader, page)  # type: ignore[misc]
    return lists


async def _group_by(filled: Dataset) -> None:
    async with filled.container.database().connection() as connection:
        await connection.fetch(GROUP_BY)


async def milliseconds(act: Callable[[], Awaitable[Any]], times: int = TIMES) -> float:
    """The median of `times` calls, after one that is not counted."""
    durations = []
    for _ in range(times + 1):
        began = time.perf_counter()
        await act()
        durations.append((time.perf_counter() - began) * 1000)
    return median(durations[1:])


async def _page_through(fetch: Fetch) -> list[float]:
    """Milliseconds of the pages from the second, which opens a snapshot, to the fiftieth; none for shorter lists."""
    page, pages = await fetch(PageRequest(PAGE)), []
    for _ in range(2, FAR_PAGE + 1):
        if page.next is None:
            return []
        began = time.perf_counter()
        page = await fetch(PageRequest(PAGE, page.next))
        pages.append((time.perf_counter() - began) * 1000)
    return pages
