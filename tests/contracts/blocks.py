"""The contracts of follow requests, private accounts, blocks and mutes."""

from asyncio import gather

import pytest

from domain.blocks import UserBlocked
from domain.follows import FollowLimitReached, FollowResult
from domain.pages import Page
from domain.post_views import PostView
from domain.posts import Visibility
from domain.profiles import Profile, Relation
from domain.users import User, UserNotFound
from tests.contracts.follows import follow_counts
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL, assert_pages


def usernames(page: Page[Profile]) -> list[str]:
    return [profile.user.username for profile in page.items]


def audiences(page: Page[PostView]) -> list[str]:
    return [view.audience.value for view in page.items]


async def read_relation(harness: StorageHarness, viewer: User, other: User) -> Relation | None:
    found = await harness.storage.user_reader.by_username(other.username, viewer.id)
    return found.relation if found else None


class FollowRequestsContract:
    async def test_following_private_account_creates_request(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob", private=True)

        assert await harness.follow(ada, bob) is FollowResult.REQUESTED
        assert await harness.follow(ada, bob) is FollowResult.UNCHANGED

        assert await read_relation(harness, ada, bob) == Relation(requested=True)
        assert usernames(await harness.storage.user_reader.requesters(bob.id, ALL)) == ["ada"]
        assert await follow_counts(harness, ada, bob) == [(0, 0), (0, 0)]

    async def test_accepted_request_becomes_follow(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob", private=True)
        post = await harness.add_post(bob)
        await harness.follow(ada, bob)
        assert await harness.storage.post_reader.by_id(post.id, ada.id) is None

        assert await harness.accept(ada, bob)
        assert not await harness.accept(ada, bob)

        assert await read_relation(harness, ada, bob) == Relation(follows=True)
        assert await harness.storage.post_reader.by_id(post.id, ada.id) is not None
        assert usernames(await harness.storage.user_reader.requesters(bob.id, ALL)) == []
        assert await follow_counts(harness, ada, bob) == [(0, 1), (1, 0)]

    async def test_refused_request_can_be_repeated(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob", private=True)
        await harness.follow(ada, bob)

        assert await harness.refuse(ada, bob)
        assert not await harness.refuse(ada, bob)

        assert await harness.follow(ada, bob) is FollowResult.REQUESTED

    async def test_request_can_be_withdrawn(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob", private=True)
        await harness.follow(ada, bob)

        assert await harness.unfollow(ada, bob)
        assert not await harness.unfollow(ada, bob)

        assert not await harness.accept(ada, bob)
        assert await follow_counts(harness, ada, bob) == [(0, 0), (0, 0)]

    async def test_requests_count_towards_follow_limit(self, harness: StorageHarness) -> None:
        ada, eve = await harness.add_user("ada"), await harness.add_user("eve")
        bob = await harness.add_user("bob", private=True)
        await harness.follow(ada, bob, limit=1)

        with pytest.raises(FollowLimitReached):
            await harness.follow(ada, eve, limit=1)

    async def test_requests_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        star = await harness.add_user("star", private=True)
        fans = [await harness.add_user(f"fan_{number}") for number in range(5)]
        for fan in fans:
            await harness.follow(fan, star)

        found = await harness.storage.user_reader.requesters(star.id, ALL)

        assert usernames(found) == [fan.username for fan in reversed(fans)]
        await assert_pages(lambda page: harness.storage.user_reader.requesters(star.id, page), found.items)

    async def test_turning_private_hides_posts_and_keeps_followers(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        await harness.follow(ada, bob)
        await harness.add_post(bob)
        await harness.set_private(bob)
        await harness.add_post(bob)

        assert audiences(await harness.storage.post_reader.of_author(bob.id, ada.id, ALL)) == ["followers"] * 2
        assert (await harness.storage.post_reader.of_author(bob.id, eve.id, ALL)).items == ()
        assert (await harness.storage.post_reader.newest(ada.id, ALL)).items == ()

    async def test_turning_public_shows_public_posts_and_accepts_requests(self, harness: StorageHarness) -> None:
        ada, bob, eve = (
            await harness.add_user("ada"),
            await harness.add_user("bob", private=True),
            await harness.add_user("eve"),
        )
        shown, hidden = await harness.add_post(bob), await harness.add_post(bob, private=True)
        for fan in (ada, eve):
            await harness.follow(fan, bob)
        await harness.refuse(eve, bob)

        await harness.set_private(bob, private=False)

        assert [view.post.id for view in (await harness.storage.post_reader.newest(None, ALL)).items] == [shown.id]
        found = await harness.storage.post_reader.of_author(bob.id, ada.id, ALL)
        assert [(view.post.id, view.audience) for view in found.items] == [
            (hidden.id, Visibility.FOLLOWERS),
            (shown.id, Visibility.PUBLIC),
        ]
        assert usernames(await harness.storage.user_reader.followers(bob.id, None, ALL)) == ["ada"]
        assert await follow_counts(harness, ada, bob, eve) == [(0, 1), (1, 0), (0, 0)]
        assert not await harness.storage.counters.verify()

    async def test_follow_racing_with_turning_private_is_follow_or_request(self, harness: StorageHarness) -> None:
        star = await harness.add_user("star")
        fans = [await harness.add_user(f"fan_{number}") for number in range(6)]

        await gather(*(harness.follow(fan, star) for fan in fans), harness.set_private(star))
        await gather(*(harness.accept(fan, star) for fan in fans), harness.set_private(star, private=False))

        assert len((await harness.storage.user_reader.followers(star.id, None, ALL)).items) == len(fans)
        assert (await harness.storage.user_reader.requesters(star.id, ALL)).items == ()
        assert not await harness.storage.counters.verify()


class BlocksContract:
    async def test_block_removes_follows_and_requests_in_both_directions(self, harness: StorageHarness) -> None:
        ada, bob, eve = (
            await harness.add_user("ada"),
            await harness.add_user("bob"),
            await harness.add_user("eve", private=True),
        )
        await harness.follow(ada, bob)
        await harness.follow(bob, ada)
        await harness.follow(ada, eve)

        assert await harness.block(ada, bob)
        assert not await harness.block(ada, bob)
        assert await harness.block(eve, ada)

        assert await follow_counts(harness, ada, bob) == [(0, 0), (0, 0)]
        assert await read_relation(harness, ada, bob) == Relation(blocking=True)
        assert (await harness.storage.user_reader.requesters(eve.id, ALL)).items == ()

    async def test_block_prevents_follows_in_both_directions_until_removed(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.block(ada, bob)

        with pytest.raises(UserBlocked):
            await harness.follow(ada, bob)
        with pytest.raises(UserNotFound):
            await harness.follow(bob, ada)

        assert await harness.unblock(ada, bob)
        assert not await harness.unblock(ada, bob)
        assert await harness.follow(bob, ada) is FollowResult.FOLLOWS

    async def test_blocked_user_cannot_read_or_like(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post, theirs = await harness.add_post(ada), await harness.add_post(bob)
        await harness.like(theirs, ada)
        await harness.block(ada, bob)

        assert await harness.storage.user_reader.by_username("ada", bob.id) is None
        assert await harness.storage.user_reader.by_username("bob", ada.id) is not None
        assert await harness.like(post, bob) is None
        assert await harness.like(theirs, ada) is None
        assert (await harness.storage.post_reader.newest(bob.id, ALL)).items[0].post.like_count == 1

    async def test_concurrent_follows_and_blocks_leave_no_follow(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        await gather(
            harness.follow(bob, ada), harness.block(ada, bob), harness.follow(ada, bob), return_exceptions=True
        )

        assert await follow_counts(harness, ada, bob) == [(0, 0), (0, 0)]
        assert not await harness.storage.counters.verify()

    async def test_deleted_user_cannot_block_or_mute(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.block(ada, bob)
        await harness.mute(ada, bob)
        await harness.delete_user(bob)

        for pair in ((ada, bob), (bob, ada)):
            with pytest.raises(UserNotFound):
                await harness.block(*pair)
            with pytest.raises(UserNotFound):
                await harness.mute(*pair)
        assert (await harness.storage.user_reader.blocked_by(ada.id, ALL)).items == ()
        assert (await harness.storage.user_reader.muted_by(ada.id, ALL)).items == ()

    async def test_blocks_and_mutes_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        others = [await harness.add_user(f"other_{number}") for number in range(5)]
        for other in others:
            await harness.block(ada, other)
        muted = [await harness.add_user(f"muted_{number}") for number in range(5)]
        for other in muted:
            await harness.mute(ada, other)

        found = await harness.storage.user_reader.blocked_by(ada.id, ALL)
        assert usernames(found) == [other.username for other in reversed(others)]
        await assert_pages(lambda page: harness.storage.user_reader.blocked_by(ada.id, page), found.items)
        found = await harness.storage.user_reader.muted_by(ada.id, ALL)
        assert usernames(found) == [other.username for other in reversed(muted)]
        await assert_pages(lambda page: harness.storage.user_reader.muted_by(ada.id, page), found.items)

    async def test_mute_hides_posts_in_mixed_lists_only(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(bob)
        await harness.follow(ada, bob)

        assert await harness.mute(ada, bob)
        assert not await harness.mute(ada, bob)
        for mixed in (
            await harness.storage.post_reader.home(ada.id, ALL),
            await harness.storage.post_reader.newest(ada.id, ALL),
        ):
            assert mixed.items == ()
        assert [view.post.id for view in (await harness.storage.post_reader.of_author(bob.id, ada.id, ALL)).items] == [
            post.id
        ]
        assert await read_relation(harness, ada, bob) == Relation(follows=True, muting=True)

        assert await harness.unmute(ada, bob)
        assert not await harness.unmute(ada, bob)
        assert [view.post.id for view in (await harness.storage.post_reader.home(ada.id, ALL)).items] == [post.id]
