"""Concurrent likes from several processes, each of which batches its own."""

from asyncio import gather, timeout

from adapters.postgres.database import Database
from adapters.postgres.likes import PostgresLikes
from domain.ids import NotificationId
from domain.likes import LikeState
from tests.contracts.harness import StorageHarness

TIMEOUT = 60


async def test_concurrent_batches_of_same_posts_neither_deadlock_nor_lose_likes(
    harness: StorageHarness, database: Database
) -> None:
    users = [await harness.add_user(f"user_{number}") for number in range(40)]
    posts = [await harness.add_post(users[0]) for _ in range(6)]
    processes = [PostgresLikes(database), PostgresLikes(database)]

    async with timeout(TIMEOUT):
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


async def test_cancelled_call_has_liked(harness: StorageHarness, database: Database) -> None:
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


async def test_account_deleted_during_batch(harness: StorageHarness, database: Database) -> None:
    """Some users of a batch may be deleted while it is written; the other likes are not affected."""
    users = [await harness.add_user(f"user_{number}") for number in range(20)]
    post = await harness.add_post(users[0])
    likes = PostgresLikes(database)

    async with timeout(TIMEOUT):
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
