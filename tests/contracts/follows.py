"""The contract of follows."""

from asyncio import gather

import pytest

from domain.follows import FollowLimitReached, FollowResult
from domain.users import User, UserNotFound
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL


async def follow_counts(harness: StorageHarness, *users: User) -> list[tuple[int, int]]:
    """(followers, following) of each user."""
    present = [await harness.read_user(user) for user in users]
    return [(user.followers_count, user.following_count) for user in present]


class FollowsContract:
    async def test_repeated_follow_counts_once_for_both_users(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        assert await harness.follow(ada, bob) is FollowResult.FOLLOWS
        assert await harness.follow(ada, bob) is FollowResult.UNCHANGED

        assert await follow_counts(harness, ada, bob) == [(0, 1), (1, 0)]

    async def test_repeated_unfollow_counts_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.follow(ada, bob)
        await harness.follow(bob, ada)

        assert await harness.unfollow(ada, bob)
        assert not await harness.unfollow(ada, bob)

        assert await follow_counts(harness, ada, bob) == [(1, 0), (0, 1)]

    async def test_follow_limit_is_enforced(self, harness: StorageHarness) -> None:
        ada, bob, eve, mia = [await harness.add_user(name) for name in ("ada", "bob", "eve", "mia")]
        await harness.follow(ada, bob, limit=2)
        await harness.follow(ada, eve, limit=2)

        with pytest.raises(FollowLimitReached) as refused:
            await harness.follow(ada, mia, limit=2)

        assert refused.value.facts == FollowLimitReached(2).facts
        assert refused.value.detail == FollowLimitReached(2).detail
        assert await harness.follow(ada, eve, limit=2) is FollowResult.UNCHANGED, (
            "what stands already is no further follow"
        )
        assert await follow_counts(harness, ada, mia) == [(0, 2), (0, 0)]

        await harness.unfollow(ada, bob)
        assert await harness.follow(ada, mia, limit=2) is FollowResult.FOLLOWS

    async def test_follow_limit_holds_under_concurrency(self, harness: StorageHarness) -> None:
        ada, stars = await harness.add_user("ada"), [await harness.add_user(f"star_{index}") for index in range(8)]

        outcomes = await gather(*(harness.follow(ada, star, limit=3) for star in stars), return_exceptions=True)

        assert outcomes.count(FollowResult.FOLLOWS) == 3
        assert sum(isinstance(outcome, FollowLimitReached) for outcome in outcomes) == 5
        assert len((await harness.storage.user_reader.following(ada.id, None, ALL)).items) == 3
        assert await follow_counts(harness, ada) == [(0, 3)]

    async def test_concurrent_equal_follows_count_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        outcomes = await gather(*(harness.follow(ada, bob) for _ in range(8)))
        assert sorted(outcomes) == [FollowResult.FOLLOWS] + [FollowResult.UNCHANGED] * 7
        assert await follow_counts(harness, ada, bob) == [(0, 1), (1, 0)]

    async def test_concurrent_mutual_follows_do_not_deadlock(self, harness: StorageHarness) -> None:
        """Both rows update both users: the order of locks must not depend on the direction."""
        pairs = [
            (await harness.add_user(f"left_{index}"), await harness.add_user(f"right_{index}")) for index in range(6)
        ]

        await gather(*(harness.follow(*pair) for left, right in pairs for pair in ((left, right), (right, left))))

        for pair in pairs:
            assert await follow_counts(harness, *pair) == [(1, 1), (1, 1)]

    async def test_deleted_user_neither_follows_nor_is_followed(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.delete_user(bob)

        for pair in ((ada, bob), (bob, ada)):
            with pytest.raises(UserNotFound):
                await harness.follow(*pair)
            assert not await harness.unfollow(*pair)
        assert await follow_counts(harness, ada) == [(0, 0)]
