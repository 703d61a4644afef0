"""Corrupted counters are detected and repaired, also during writes."""

from asyncio import Event, create_task, gather, timeout, wait
from collections.abc import Sequence

import pytest

from adapters.postgres.database import Database
from domain.comments import Comment
from domain.counters import Drift
from domain.ids import CommentId
from domain.pages import PageRequest
from domain.rankings import trending_key
from tests.contracts.harness import StorageHarness

TIMEOUT = 20
A_WHILE = 0.2

# In the order in which everybody locks posts.
_LOCKED = "with locked as materialized (select id from posts order by id for no key update) update posts"
DAMAGE = {
    "post.like_count": f"{_LOCKED} set like_count = like_count + 3 from locked where posts.id = locked.id",
    "post.comment_count": f"{_LOCKED} set comment_count = comment_count + 3 from locked where posts.id = locked.id",
    "user.followers_count": "update users set followers_count = followers_count + 3 where username = 'ada'",
    "user.following_count": "update users set following_count = following_count + 3 where username = 'ada'",
    "user.posts_count": "update users set posts_count = posts_count + 3 where username = 'ada'",
}


async def damage(database: Database, *counters: str) -> None:
    async with database.connection() as connection:
        for counter in counters:
            await connection.execute(DAMAGE[counter])


def drifts_by_counter(drifts: Sequence[Drift]) -> dict[str, tuple[int, int]]:
    return {drift.counter: (drift.stored, drift.actual) for drift in drifts}


@pytest.fixture
async def small_dataset(harness: StorageHarness) -> StorageHarness:
    """Ada has a post, which Bob likes and comments on; they follow each other."""
    ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
    post = await harness.add_post(ada)
    await harness.like(post, bob)
    await harness.add_comment(post, bob)
    await harness.follow(bob, ada)
    await harness.follow(ada, bob)
    return harness


@pytest.mark.parametrize("counter", DAMAGE)
async def test_wrong_counter_is_detected_and_repaired(
    small_dataset: StorageHarness, database: Database, counter: str
) -> None:
    await damage(database, counter)

    found = await small_dataset.storage.counters.verify()
    await small_dataset.storage.counters.record_check(small_dataset.now())
    check = await small_dataset.storage.counters.last_check()
    mended = await small_dataset.storage.counters.repair()

    assert check is not None
    assert {name: wrong for name, wrong in check.wrong.items() if wrong} == {counter: 1}
    assert drifts_by_counter(found) == {counter: (4, 1)}
    assert mended == found
    assert await small_dataset.storage.counters.verify() == []


async def test_all_counters_are_repaired_at_once(small_dataset: StorageHarness, database: Database) -> None:
    await damage(database, *DAMAGE)

    assert drifts_by_counter(await small_dataset.storage.counters.repair()) == dict.fromkeys(DAMAGE, (4, 1))
    assert await small_dataset.storage.counters.repair() == []


async def test_repair_corrects_trending_key(small_dataset: StorageHarness, database: Database) -> None:
    await damage(database, "post.like_count")
    async with database.connection() as connection:
        await connection.execute("update posts set trending_key = trending_key + 2")
    older = await small_dataset.add_post(await small_dataset.add_user("eve"))

    await small_dataset.storage.counters.repair()

    page = await small_dataset.storage.ranking_reader.trending(None, small_dataset.now(), PageRequest(1))
    assert page.next is not None
    assert page.items[0].view.post.id != older.id
    assert page.next.key == pytest.approx(trending_key(1, page.items[0].view.post.created_at), rel=1e-15)


async def test_repair_waits_for_concurrent_writes(harness: StorageHarness, database: Database) -> None:
    ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
    post = await harness.add_post(ada)
    await damage(database, "post.comment_count")

    async with timeout(TIMEOUT):
        async with harness.storage.begin() as uow:
            await uow.comments.add(Comment(CommentId(harness.new_id()), post.id, bob.id, "hm", harness.now()))
            repair = create_task(harness.storage.counters.repair())
            done, _ = await wait([repair], timeout=A_WHILE)
            assert not done, "the repair did not wait"
            await uow.commit()
        mended = await repair

    assert drifts_by_counter(mended) == {"post.comment_count": (4, 1)}
    assert (await harness.read_post(post)).comment_count == 1


async def test_writes_during_repair_leave_no_drift(harness: StorageHarness, database: Database) -> None:
    users = [await harness.add_user(name) for name in ("ada", "bob", "eve", "dan")]
    posts = [await harness.add_post(user) for user in users]
    over = Event()

    async def repairs() -> None:
        while not over.is_set():
            await damage(database, *DAMAGE)
            await harness.storage.counters.repair()

    async def traffic() -> None:
        for _ in range(3):
            await gather(*(harness.like(post, user) for post in posts for user in users))
            await gather(*(harness.follow(one, other) for one in users for other in users if one is not other))
            await gather(
                *(harness.add_comment(post, users[0]) for post in posts), *(harness.add_post(user) for user in users)
            )
            await gather(*(harness.unlike(post, user) for post in posts for user in users[:2]))
            await gather(*(harness.unfollow(users[0], other) for other in users[1:]))
        over.set()

    async with timeout(TIMEOUT):
        await gather(repairs(), traffic())
    await harness.storage.counters.repair()

    assert await harness.storage.counters.verify() == []
    assert [(await harness.read_post(post)).like_count for post in posts] == [2] * 4
    assert [(await harness.read_post(post)).comment_count for post in posts] == [3] * 4
    assert [(await harness.read_user(user)).posts_count for user in users] == [4] * 4
    assert [(await harness.read_user(user)).following_count for user in users] == [0, 3, 3, 3]
