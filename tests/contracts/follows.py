"""Follows."""

from asyncio import gather

import pytest

from domain.follows import Followed, FollowLimit
from domain.users import User, UserNotFound
from tests.contracts.paging import ALL
from tests.contracts.world import World


async def standing(world: World, *users: User) -> list[tuple[int, int]]:
    """(followers, following) of each."""
    present = [await world.present(user) for user in users]
    return [(user.followers_count, user.following_count) for user in present]


class FollowsContract:
    async def test_a_follow_counts_once_on_both_sides(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")

        assert await world.follow(ada, bob) is Followed.FOLLOWS
        assert await world.follow(ada, bob) is Followed.UNCHANGED

        assert await standing(world, ada, bob) == [(0, 1), (1, 0)]

    async def test_it_is_undone_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.follow(ada, bob)
        await world.follow(bob, ada)

        assert await world.unfollow(ada, bob)
        assert not await world.unfollow(ada, bob)

        assert await standing(world, ada, bob) == [(1, 0), (0, 1)]

    async def test_nobody_follows_more_than_the_limit(self, world: World) -> None:
        ada, bob, eve, mia = [await world.user(name) for name in ("ada", "bob", "eve", "mia")]
        await world.follow(ada, bob, limit=2)
        await world.follow(ada, eve, limit=2)

        with pytest.raises(FollowLimit) as refused:
            await world.follow(ada, mia, limit=2)

        assert refused.value.facts == FollowLimit(2).facts
        assert refused.value.detail == FollowLimit(2).detail
        assert await world.follow(ada, eve, limit=2) is Followed.UNCHANGED, "what stands already is no further follow"
        assert await standing(world, ada, mia) == [(0, 2), (0, 0)]

        await world.unfollow(ada, bob)
        assert await world.follow(ada, mia, limit=2) is Followed.FOLLOWS

    async def test_the_limit_holds_in_a_race(self, world: World) -> None:
        ada, stars = await world.user("ada"), [await world.user(f"star_{index}") for index in range(8)]

        outcomes = await gather(*(world.follow(ada, star, limit=3) for star in stars), return_exceptions=True)

        assert outcomes.count(Followed.FOLLOWS) == 3
        assert sum(isinstance(outcome, FollowLimit) for outcome in outcomes) == 5
        assert len((await world.storage.people.following(ada.id, None, ALL)).items) == 3
        assert await standing(world, ada) == [(0, 3)]

    async def test_the_same_follow_many_times_at_once_counts_once(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")

        outcomes = await gather(*(world.follow(ada, bob) for _ in range(8)))
        assert sorted(outcomes) == [Followed.FOLLOWS] + [Followed.UNCHANGED] * 7
        assert await standing(world, ada, bob) == [(0, 1), (1, 0)]

    async def test_two_may_follow_each_other_at_once(self, world: World) -> None:
        """Both rows count on both people: the order of locks must not depend on who follows whom."""
        pairs = [(await world.user(f"left_{index}"), await world.user(f"right_{index}")) for index in range(6)]

        await gather(*(world.follow(*pair) for left, right in pairs for pair in ((left, right), (right, left))))

        for pair in pairs:
            assert await standing(world, *pair) == [(1, 1), (1, 1)]

    async def test_who_has_just_gone_neither_follows_nor_is_followed(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.delete_user(bob)

        for pair in ((ada, bob), (bob, ada)):
            with pytest.raises(UserNotFound):
                await world.follow(*pair)
            assert not await world.unfollow(*pair)
        assert await standing(world, ada) == [(0, 0)]
