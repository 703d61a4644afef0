"""Sample data: complete, of the requested size, and reproducible by seed."""

import asyncio
from typing import Any

import pytest

from adapters.memory.clock import MemoryClock
from adapters.postgres.sampling.words import word
from container import Container
from domain.errors import Invalid
from domain.pages import PageRequest
from domain.rankings import Window
from domain.sample_data import NotEmpty, Scale
from domain.services.sampling import FIRST_USERNAME, PASSWORD
from tests.containers import memory_container, postgres_container
from tests.databases import Databases

SMALL = Scale(users=40, posts=120, likes=700, follows=200, seed=7)
COUNTS = "select (select count(*) from {}) as n"


@pytest.fixture
def empty(databases: Databases) -> str:
    return databases.create_migrated()


async def fill_database(url: str, scale: Scale, **config: Any) -> Container:
    # Images and passwords by memory adapters: the real ones are slow.
    harness = postgres_container(url, config=config, clock=MemoryClock())
    done = 0

    def advance(rows: int) -> None:
        nonlocal done
        done += rows

    await harness.sampling().fill(scale, advance)
    assert done >= scale.rows - 1 - scale.follows
    return harness


async def rows(harness: Container, statement: str) -> list[tuple[Any, ...]]:
    async with harness.database().connection() as connection:
        return [tuple(row) for row in await connection.fetch(statement)]


async def test_requested_amount_is_created_and_readable(empty: str) -> None:
    harness = await fill_database(empty, SMALL)
    for table, count in (
        ("users", 40),
        ("posts", 120),
        ("search_documents", 120),
        ("images", 121),
        ("likes", 700),
        ("follows", 200),
    ):
        assert await rows(harness, COUNTS.format(table)) == [(count,)]
    assert not await harness.storage().counters.verify()

    newest = (await harness.browsing().newest(None, PageRequest(100))).items
    assert all(len(view.images) == 1 for view in newest)
    trending = (await harness.ranking().trending(None, PageRequest(100))).items
    assert [one.score for one in trending] == sorted((one.score for one in trending), reverse=True)
    top = (await harness.ranking().most_liked(None, Window.ALL, PageRequest(100))).items
    assert top[0].score > 2 * top[50].score, "a few are liked by many"
    assert await harness.signing_in().sign_in("user_17", PASSWORD)
    assert await harness.signing_in().sign_in(FIRST_USERNAME, PASSWORD)
    await harness.database().close()


async def test_posts_are_indexed_for_search(empty: str) -> None:
    harness = await fill_database(empty, SMALL)
    documents = "select post_id, words::text, version from search_documents order by 1"
    filled = await rows(harness, documents)

    assert await harness.indexing().catch_up() == 0
    assert len(filled) == 120
    hits = (await harness.searching().by_words(word(0, 0), None, PageRequest(100))).items
    assert 20 < len(hits) < 60, "a word of every third post"
    rare = hits[0].view.post.text.split()[-1]
    assert hits[0].view.post.id in {
        hit.view.post.id for hit in (await harness.searching().by_words(rare, None, PageRequest(100))).items
    }
    await rows(harness, "update search_documents set version = 0, words = '' returning 1")
    assert await harness.indexing().catch_up() == 120
    assert await rows(harness, documents) == filled
    await harness.database().close()


async def test_data_are_reproducible_by_seed(databases: Databases) -> None:
    likes = """select posts.rank, users.rank from likes
        join (select id, rank() over (order by id) as rank from posts) as posts on posts.id = post_id
        join (select id, rank() over (order by created_at, id) as rank from users) as users on users.id = user_id
        order by 1, 2"""
    found = []
    for seed in (1, 1, 2):
        harness = await fill_database(await asyncio.to_thread(databases.create_migrated), Scale(20, 50, 200, 60, seed))
        found.append(await rows(harness, likes))
        await harness.database().close()
    assert found[0] == found[1]
    assert found[0] != found[2]


async def test_follows_respect_limit_and_exclude_oneself(empty: str) -> None:
    harness = await fill_database(empty, Scale(30, 5, 0, 400), max_follows=15)
    follows = await rows(harness, "select follower_id, count(*) from follows group by 1")
    assert max(count for _, count in follows) == 15
    assert await rows(harness, "select count(*) from follows where follower_id = followee_id") == [(0,)]
    assert not await harness.storage().counters.verify()
    await harness.database().close()


async def test_non_empty_database_is_refused(empty: str) -> None:
    harness = await fill_database(empty, Scale(2, 1, 1, 1))
    with pytest.raises(NotEmpty):
        await harness.sampling().fill(SMALL, lambda _rows: None)
    assert await rows(harness, "select count(*) from users") == [(2,)]
    await harness.database().close()


async def test_memory_storage_is_refused() -> None:
    with pytest.raises(Exception, match="a persistent database"):
        await memory_container().sampling().fill(SMALL, lambda _rows: None)


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ((1, 1, 0, 0), "users"),
        ((2, 0, 0, 0), "posts"),
        ((2, 1, 2, 0), "likes"),
        ((2, 1, 0, 2), "follows"),
        ((2, 1, -1, 0), "likes"),
        ((2, 1, 0, 0, -1), "seed"),
    ],
)
def test_invalid_scale_is_refused(numbers: tuple[int, ...], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        Scale(*numbers)
    assert [error.field for error in refused.value.errors] == [field]
