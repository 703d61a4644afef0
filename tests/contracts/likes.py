"""The contract of likes."""

from asyncio import gather

from domain.likes import LikeState
from domain.posts import Post
from domain.users import User
from tests.contracts.harness import StorageHarness, at
from tests.contracts.paging import ALL


async def add_fans(harness: StorageHarness, number: int) -> list[User]:
    return [await harness.add_user(f"fan_{index}") for index in range(number)]


class LikesContract:
    async def test_repeated_like_counts_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)

        assert await harness.like(post, bob) == LikeState(1, liked=True)
        assert await harness.like(post, bob) == LikeState(1, liked=True)
        assert await harness.like(post, ada) == LikeState(2, liked=True)

        assert (await harness.read_post(post)).like_count == 2

    async def test_repeated_unlike_counts_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await harness.like(post, ada)
        await harness.like(post, bob)

        assert await harness.unlike(post, bob) == LikeState(1, liked=False)
        assert await harness.unlike(post, bob) == LikeState(1, liked=False)

        assert (await harness.read_post(post)).like_count == 1

    async def test_repeated_like_keeps_first_time(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        posts = await harness.add_posts(ada, 2)
        for index, moment in ((0, 100), (1, 200), (0, 300)):
            await harness.like(posts[index], ada, at(moment))

        found = await harness.storage.post_reader.liked_by(ada.id, None, ALL)

        assert [view.post.id for view in found.items] == [posts[1].id, posts[0].id]

    async def test_missing_post_cannot_be_liked(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)
        await harness.delete_post(post)

        assert await harness.like(post, ada) is None
        assert await harness.unlike(post, ada) is None

    async def test_hidden_post_can_be_unliked(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post = await harness.add_post(ada)
        await harness.like(post, bob)
        await harness.block(ada, bob)
        await harness.block(ada, eve)

        assert await harness.unlike(post, eve) is None
        assert await harness.unlike(post, bob) == LikeState(0, liked=False)
        assert await harness.unlike(post, bob) is None
        assert (await harness.read_post(post)).like_count == 0

    async def test_hidden_post_cannot_be_liked(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada, private=True)

        assert await harness.like(post, bob) is None
        assert await harness.unlike(post, bob) is None
        assert await harness.like(post, ada) == LikeState(1, liked=True)

    async def test_deleted_user_cannot_like(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await harness.delete_user(bob)

        assert await harness.like(post, bob) is None
        assert (await harness.read_post(post)).like_count == 0

    async def test_invalid_like_does_not_affect_concurrent_likes(self, harness: StorageHarness) -> None:
        """Concurrent likes may be batched, but each has its own result."""
        ada, gone = await harness.add_user("ada"), harness.new_user("gone")
        posts = await harness.add_posts(ada, 3)
        await harness.delete_post(posts[2])

        found = await gather(*(harness.like(post, user) for user in (ada, gone) for post in posts))

        assert found == [LikeState(1, liked=True), LikeState(1, liked=True), None, None, None, None]

    async def test_concurrent_likes_are_counted_exactly(self, harness: StorageHarness) -> None:
        ada, fans = await harness.add_user("ada"), await add_fans(harness, 30)
        post, other = await harness.add_posts(ada, 2)

        found = await gather(*(harness.like(target, fan) for fan in fans for target in (post, other)))

        for counts in (found[::2], found[1::2]):
            assert all(liking is not None and liking.liked for liking in counts)
            assert max(liking.like_count for liking in counts if liking) == 30
        assert await self._read_count(harness, post) == 30
        assert list(await harness.storage.counters.verify()) == []

    async def test_concurrent_likes_of_one_user_count_once(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post = await harness.add_post(ada)

        found = await gather(*(harness.like(post, ada) for _ in range(10)))
        assert found == [LikeState(1, liked=True)] * 10

        found = await gather(*(harness.unlike(post, ada) for _ in range(10)))
        assert found == [LikeState(0, liked=False)] * 10

    async def test_concurrent_likes_and_unlikes_are_counted_exactly(self, harness: StorageHarness) -> None:
        ada, fans = await harness.add_user("ada"), await add_fans(harness, 10)
        post = await harness.add_post(ada)
        for fan in fans[:5]:
            await harness.like(post, fan)

        await gather(
            *(harness.unlike(post, fan) for fan in fans[:5]),
            *(harness.like(post, fan) for fan in fans[5:]),
        )

        assert await self._read_count(harness, post) == 5
        assert list(await harness.storage.counters.verify()) == []

    async def _read_count(self, harness: StorageHarness, post: Post) -> int:
        """The count, after a comparison with the list."""
        listed = len((await harness.storage.user_reader.likers(post.id, None, ALL)).items)
        assert (await harness.read_post(post)).like_count == listed
        return listed
