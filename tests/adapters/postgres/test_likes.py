"""Likes from several processes at once, each of which gathers its own."""

from asyncio import gather, timeout

from adapters.postgres.database import Database
from adapters.postgres.likes import PostgresLikes
from domain.ids import NotificationId
from domain.likes import LikeState
from tests.contracts.harness import StorageHarness

PATIENCE = 60


async def test_two_that_gather_likes_of_the_same_posts_neither_wait_for_each_other_nor_lose_any(
    harness: StorageHarness, database: Database
) -> None:
    users = [await harness.add_user(f"user_{number}") for number in range(40)]
    posts = [await harness.add_post(users[0]) for _ in range(6)]
    processes = [PostgresLikes(database), PostgresLikes(database)]

    async with timeout(PATIENCE):
        for order in (posts, posts[::-1], posts[::2]):
            await gather(
                *(
                    likes.add(post.id, user.id, harness.now(), NotificationId(harness.new_id()))
                    for post in order
                    for likes, user in zip(processes * 20, users, strict=True)
                )
            )
        await gather(
            *(
                likes.remove(post.id, user.id)
                for post in posts
                for likes, user in zip(processes * 5, users[:10], strict=True)
            )
        )

    for post in posts:
        assert (await harness.read_post(post)).like_count == 30
    assert not await harness.storage.counters.verify()


async def test_who_stops_waiting_has_liked_all_the_same(harness: StorageHarness, database: Database) -> None:
    ada = await harness.add_user("ada")
    post = await harness.add_post(ada)
    likes = PostgresLikes(database)

    waiting = gather(likes.add(post.id, ada.id, harness.now(), NotificationId(harness.new_id())))
    others = await gather(
        *(
            likes.add(other.id, ada.id, harness.now(), NotificationId(harness.new_id()))
            for other in await harness.add_posts(ada, 3)
        )
    )
    waiting.cancel()

    assert others == [LikeState(1, liked=True)] * 3
    assert await likes.add(post.id, ada.id, harness.now(), NotificationId(harness.new_id())) == LikeState(1, liked=True)
    assert not await harness.storage.counters.verify()


async def test_likes_and_a_deleted_account_settle(harness: StorageHarness, database: Database) -> None:
    """Some of a batch may go while it is written; the others are not told of it."""
    users = [await harness.add_user(f"user_{number}") for number in range(20)]
    post = await harness.add_post(users[0])
    likes = PostgresLikes(database)

    async with timeout(PATIENCE):
        for going in users[10:]:
            liked, *_ = await gather(
                likes.add(post.id, users[1].id, harness.now(), NotificationId(harness.new_id())),
                likes.add(post.id, going.id, harness.now(), NotificationId(harness.new_id())),
                harness.delete_user(going),
            )
            assert liked is not None
            assert liked.liked

    assert (await harness.read_post(post)).like_count == 1
    assert not await harness.storage.counters.verify()
