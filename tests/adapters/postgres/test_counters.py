"""Counters damaged by hand are found and mended, also while people go on liking."""

from asyncio import Event, create_task, gather, timeout, wait
from collections.abc import Sequence

import pytest

from adapters.postgres.database import Database
from domain.comments import Comment
from domain.counters import Drift
from domain.ids import CommentId
from domain.pages import PageRequest
from domain.ranking import trending_key
from tests.contracts.world import World

PATIENCE = 20
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
    async with database.reading() as connection:
        for counter in counters:
            await connection.execute(DAMAGE[counter])


def told(drifts: Sequence[Drift]) -> dict[str, tuple[int, int]]:
    return {drift.counter: (drift.stored, drift.actual) for drift in drifts}


@pytest.fixture
async def small_world(world: World) -> World:
    """ada has a post, which bob likes and comments on; they follow each other."""
    ada, bob = await world.user("ada"), await world.user("bob")
    post = await world.post(ada)
    await world.like(post, bob)
    await world.comment(post, bob)
    await world.follow(bob, ada)
    await world.follow(ada, bob)
    return world


@pytest.mark.parametrize("counter", DAMAGE)
async def test_a_damaged_counter_is_found_and_mended(small_world: World, database: Database, counter: str) -> None:
    await damage(database, counter)

    found = await small_world.storage.counters.verify()
    await small_world.storage.counters.check(small_world.now())
    check = await small_world.storage.counters.last_check()
    mended = await small_world.storage.counters.repair()

    assert check is not None
    assert {name: wrong for name, wrong in check.wrong.items() if wrong} == {counter: 1}
    assert told(found) == {counter: (4, 1)}
    assert mended == found
    assert await small_world.storage.counters.verify() == []


async def test_all_of_them_at_once(small_world: World, database: Database) -> None:
    await damage(database, *DAMAGE)

    assert told(await small_world.storage.counters.repair()) == dict.fromkeys(DAMAGE, (4, 1))
    assert await small_world.storage.counters.repair() == []


async def test_a_mended_post_stands_where_its_likes_put_it(small_world: World, database: Database) -> None:
    await damage(database, "post.like_count")
    async with database.reading() as connection:
        await connection.execute("update posts set trending_key = trending_key + 2")
    older = await small_world.post(await small_world.user("eve"))

    await small_world.storage.counters.repair()

    page = await small_world.storage.rankings.trending(None, small_world.now(), PageRequest(1))
    assert page.next is not None
    assert page.items[0].view.post.id != older.id
    assert page.next.key == pytest.approx(trending_key(1, page.items[0].view.post.created_at), rel=1e-15)


async def test_a_repair_waits_for_who_is_counting_and_counts_them(world: World, database: Database) -> None:
    ada, bob = await world.user("ada"), await world.user("bob")
    post = await world.post(ada)
    await damage(database, "post.comment_count")

    async with timeout(PATIENCE):
        async with world.storage.begin() as uow:
            await uow.comments.add(Comment(CommentId(world.id()), post.id, bob.id, "hm", world.now()))
            repair = create_task(world.storage.counters.repair())
            done, _ = await wait([repair], timeout=A_WHILE)
            assert not done, "the repair did not wait"
            await uow.commit()
        mended = await repair

    assert told(mended) == {"post.comment_count": (4, 1)}
    assert (await world.standing(post)).comment_count == 1


async def test_traffic_beside_repairs_leaves_no_drift(world: World, database: Database) -> None:
    users = [await world.user(name) for name in ("ada", "bob", "eve", "dan")]
    posts = [await world.post(user) for user in users]
    over = Event()

    async def repairs() -> None:
        while not over.is_set():
            await damage(database, *DAMAGE)
            await world.storage.counters.repair()

    async def traffic() -> None:
        for _ in range(3):
            await gather(*(world.like(post, user) for post in posts for user in users))
            await gather(*(world.follow(one, other) for one in users for other in users if one is not other))
            await gather(*(world.comment(post, users[0]) for post in posts), *(world.post(user) for user in users))
            await gather(*(world.unlike(post, user) for post in posts for user in users[:2]))
            await gather(*(world.unfollow(users[0], other) for other in users[1:]))
        over.set()

    async with timeout(PATIENCE):
        await gather(repairs(), traffic())
    await world.storage.counters.repair()

    assert await world.storage.counters.verify() == []
    assert [(await world.standing(post)).like_count for post in posts] == [2] * 4
    assert [(await world.standing(post)).comment_count for post in posts] == [3] * 4
    assert [(await world.present(user)).posts_count for user in users] == [4] * 4
    assert [(await world.present(user)).following_count for user in users] == [0, 3, 3, 3]
