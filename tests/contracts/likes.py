"""Likes."""

from asyncio import gather

from domain.likes import Liking
from domain.posts import Post
from domain.users import User
from tests.contracts.paging import ALL
from tests.contracts.world import World, at


async def fans_of(world: World, number: int) -> list[User]:
    return [await world.user(f"fan_{index}") for index in range(number)]


class LikesContract:
    async def test_a_like_counts_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)

        assert await world.like(post, bob) == Liking(1, liked=True)
        assert await world.like(post, bob) == Liking(1, liked=True)
        assert await world.like(post, ada) == Liking(2, liked=True)

        assert (await world.standing(post)).like_count == 2

    async def test_it_is_taken_back_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.like(post, ada)
        await world.like(post, bob)

        assert await world.unlike(post, bob) == Liking(1, liked=False)
        assert await world.unlike(post, bob) == Liking(1, liked=False)

        assert (await world.standing(post)).like_count == 1

    async def test_a_repeated_like_keeps_its_first_moment(self, world: World) -> None:
        ada = await world.user("ada")
        posts = await world.posts(ada, 2)
        for index, moment in ((0, 100), (1, 200), (0, 300)):
            await world.like(posts[index], ada, at(moment))

        found = await world.storage.feeds.liked_by(ada.id, None, ALL)

        assert [view.post.id for view in found.items] == [posts[1].id, posts[0].id]

    async def test_an_absent_post_has_no_likes(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)
        await world.delete_post(post)

        assert await world.like(post, ada) is None
        assert await world.unlike(post, ada) is None

    async def test_it_is_taken_back_from_a_post_that_has_been_hidden_since(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        post = await world.post(ada)
        await world.like(post, bob)
        await world.block(ada, bob)
        await world.block(ada, eve)

        assert await world.unlike(post, eve) is None
        assert await world.unlike(post, bob) == Liking(0, liked=False)
        assert await world.unlike(post, bob) is None
        assert (await world.standing(post)).like_count == 0

    async def test_a_hidden_post_is_as_if_absent(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada, private=True)

        assert await world.like(post, bob) is None
        assert await world.unlike(post, bob) is None
        assert await world.like(post, ada) == Liking(1, liked=True)

    async def test_who_has_just_gone_likes_nothing(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.delete_user(bob)

        assert await world.like(post, bob) is None
        assert (await world.standing(post)).like_count == 0

    async def test_a_bad_like_does_not_spoil_those_beside_it(self, world: World) -> None:
        """However an adapter gathers likes that come at once, each has its own answer."""
        ada, gone = await world.user("ada"), world.a_user("gone")
        posts = await world.posts(ada, 3)
        await world.delete_post(posts[2])

        found = await gather(*(world.like(post, user) for user in (ada, gone) for post in posts))

        assert found == [Liking(1, liked=True), Liking(1, liked=True), None, None, None, None]

    async def test_many_at_once_are_counted_exactly(self, world: World) -> None:
        ada, fans = await world.user("ada"), await fans_of(world, 30)
        post, other = await world.posts(ada, 2)

        found = await gather(*(world.like(target, fan) for fan in fans for target in (post, other)))

        for counts in (found[::2], found[1::2]):
            assert all(liking is not None and liking.liked for liking in counts)
            assert max(liking.like_count for liking in counts if liking) == 30
        assert await self._counted(world, post) == 30
        assert list(await world.storage.counters.verify()) == []

    async def test_one_person_many_times_at_once_counts_once(self, world: World) -> None:
        ada = await world.user("ada")
        post = await world.post(ada)

        found = await gather(*(world.like(post, ada) for _ in range(10)))
        assert found == [Liking(1, liked=True)] * 10

        found = await gather(*(world.unlike(post, ada) for _ in range(10)))
        assert found == [Liking(0, liked=False)] * 10

    async def test_likes_and_unlikes_at_once_add_up(self, world: World) -> None:
        ada, fans = await world.user("ada"), await fans_of(world, 10)
        post = await world.post(ada)
        for fan in fans[:5]:
            await world.like(post, fan)

        await gather(
            *(world.unlike(post, fan) for fan in fans[:5]),
            *(world.like(post, fan) for fan in fans[5:]),
        )

        assert await self._counted(world, post) == 5
        assert list(await world.storage.counters.verify()) == []

    async def _counted(self, world: World, post: Post) -> int:
        """The count, which equals the list."""
        listed = len((await world.storage.people.who_liked(post.id, None, ALL)).items)
        assert (await world.standing(post)).like_count == listed
        return listed
