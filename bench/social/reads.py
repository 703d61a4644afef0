"""Pages from the adapters: PostgreSQL and the conversion of its rows, without HTTP."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

from bench.social.data import Dataset
from domain.pages import Page, PageRequest
from domain.rankings import Window

PAGE = 20
FAR_PAGE = 50
TIMES = 40

GROUP_BY = """
select posts.*, likes from posts join (
  select post_id, count(*) as likes from likes group by post_id order by count(*) desc, post_id desc limit 20) as best
on best.post_id = posts.id order by likes desc, posts.id desc"""

Fetch = Callable[[PageRequest], Awaitable[Page[Any]]]


async def measure(filled: Dataset) -> dict[str, float]:
    """Medians in milliseconds, by name."""
    container = filled.container
    feeds, rankings = container.post_reader(), container.storage().ranking_reader
    lists: dict[str, Fetch] = {
        "most liked": lambda page: rankings.most_liked(None, Window.ALL, datetime.now(UTC), page),
        "most liked of the week": lambda page: rankings.most_liked(None, Window.WEEK, datetime.now(UTC), page),
        "trending": lambda page: rankings.trending(None, datetime.now(UTC), page),
        "newest": lambda page: feeds.newest(None, page),
    }
    for name, reader in filled.readers.items():
        lists[f"home, {name}"] = lambda page, reader=reader: feeds.home(reader, page)  # type: ignore[misc]
    medians = {}
    for name, fetch in lists.items():
        medians[name] = await _milliseconds(lambda fetch=fetch: fetch(PageRequest(PAGE)))  # type: ignore[misc]
        opening, far = await _page_through(fetch)
        if opening:
            medians[f"{name}, page 2"], medians[f"{name}, page {FAR_PAGE}"] = opening, far
    medians["group by"] = await _milliseconds(lambda: _group_by(filled), times=5)
    return medians


async def _group_by(filled: Dataset) -> None:
    async with filled.container.database().connection() as connection:
        await connection.fetch(GROUP_BY)


async def _milliseconds(act: Callable[[], Awaitable[Any]], times: int = TIMES) -> float:
    durations = []
    for _ in range(times + 2):
        began = time.perf_counter()
        await act()
        durations.append((time.perf_counter() - began) * 1000)
    return median(durations[2:])


async def _page_through(fetch: Fetch) -> tuple[float, float]:
    """The second page, which opens a snapshot, and the fiftieth: medians of five passes; 0 for shorter lists."""
    second, far = [], []
    for _ in range(5):
        page, pages = await fetch(PageRequest(PAGE)), []
        for _ in range(2, FAR_PAGE + 1):
            if page.next is None:
                return 0.0, 0.0
            began = time.perf_counter()
            page = await fetch(PageRequest(PAGE, page.next))
            pages.append((time.perf_counter() - began) * 1000)
        second.append(pages[0])
        far.append(pages[-1])
    return median(second), median(far)
