"""PostgreSQL and Python read positions in the same way, whatever they contain."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.postgres.database import Database
from adapters.postgres.paging import HIGHEST_ID, below_time
from domain.pages import BadCursor, CursorExpired, Page, PageRequest, Position
from domain.rankings import Window
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import read_pages
from tests.examples import scale_examples

ID = UUID(int=7)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 — hypothesis wants them bare
KEYS = [
    float(sign * size) for sign in (1, -1) for size in (0, 0.5, 2**31, 2**53, 253_402_300_799.999, 6.3e10, 1e15, 1e308)
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=scale_examples(50))
@given(st.lists(MOMENTS, min_size=1, max_size=50))
async def test_time_is_exact_to_microsecond(database: Database, moments: list[datetime]) -> None:
    async with database.connection() as connection:
        keys = [moment.timestamp() for moment in moments]
        asked = [below_time(PageRequest(1, Position(ID, key)))[0] for key in keys]
        stored = await connection.fetchval("select $1::timestamptz[]", asked)

    assert stored == moments


async def test_likes_one_microsecond_apart_are_neither_repeated_nor_skipped(harness: StorageHarness) -> None:
    ada = await harness.add_user("ada")
    post = await harness.add_post(ada)
    fans = [await harness.add_user(f"fan_{index}") for index in range(6)]
    moment = datetime(2026, 11, 23, 10, 0, 0, 333_333, UTC)
    for index, fan in enumerate(fans):
        await harness.like(post, fan, moment + timedelta(microseconds=index // 2))

    found = await read_pages(lambda page: harness.storage.user_reader.likers(post.id, None, page), 1)

    assert [profile.user.id for profile in found] == [fan.id for fan in reversed(fans)]


@pytest.mark.parametrize("key", KEYS)
async def test_forged_positions_do_not_break_lists(harness: StorageHarness, key: float) -> None:
    ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
    post = await harness.add_post(ada)
    await harness.like(post, bob)
    await harness.follow(bob, ada)
    lists: list[Callable[[PageRequest], Awaitable[Page[Any]]]] = [
        lambda page: harness.storage.user_reader.followers(ada.id, None, page),
        lambda page: harness.storage.user_reader.likers(post.id, None, page),
        lambda page: harness.storage.post_reader.liked_by(bob.id, None, page),
    ]

    for listing in lists:
        above = await listing(PageRequest(5, Position(HIGHEST_ID, abs(key) + 1e10)))
        page = await listing(PageRequest(5, Position(HIGHEST_ID, key)))
        assert len(above.items) == 1
        assert len(page.items) <= 1


@pytest.mark.parametrize("name", ["most_liked", "trending"])
@pytest.mark.parametrize("key", KEYS)
async def test_forged_positions_do_not_break_rankings(harness: StorageHarness, key: float, name: str) -> None:
    posts = [await harness.add_post(await harness.add_user(f"author_{index}")) for index in range(3)]
    await harness.like(posts[0], await harness.add_user("fan"))
    now = harness.now()

    async def read(position: Position | None) -> Page[Any]:
        page = PageRequest(1, position)
        if name == "trending":
            return await harness.storage.ranking_reader.trending(None, now, page)
        return await harness.storage.ranking_reader.most_liked(None, Window.ALL, now, page)

    first = (await read(None)).next
    assert first is not None
    second = (await read(first)).next
    assert second is not None
    for position in (first, second):
        for rank in (position.rank, 2**32 - 1):
            assert len((await read(replace(position, key=key, rank=rank))).items) <= 1
    microseconds, snapshot, shown = first.snapshot_token.split(" ")
    for told in ("9:5:7", "1:2:,", f"{'9' * 19}:1:"):
        with pytest.raises(BadCursor):
            await read(replace(first, snapshot_token=f"{microseconds} {told} {shown}"))
    for moment in (f"{microseconds} {snapshot} AAAA", f"{microseconds} {snapshot} A", "x", "\0"):
        with pytest.raises(BadCursor):
            await read(replace(first, snapshot_token=moment))
    for other in (0, int(microseconds) + 1, 10**17 - 1):
        with pytest.raises(CursorExpired):
            await read(replace(first, snapshot_token=f"{other} {snapshot} {shown}"))
