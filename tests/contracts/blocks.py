"""Requests to follow, private accounts, blocks and mutes."""

from asyncio import gather

import pytest

from domain.blocks import Blocking
from domain.feeds import PostView
from domain.follows import Followed, FollowLimit
from domain.pages import Page
from domain.people import Profile, Relation
from domain.posts import Visibility
from domain.users import User, UserNotFound
from tests.contracts.follows import standing
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World


def names(page: Page[Profile]) -> list[str]:
    return [profile.user.username for profile in page.items]


def audiences(page: Page[PostView]) -> list[str]:
    return [view.audience.value for view in page.items]


async def relation(world: World, viewer: User, other: User) -> Relation | None:
    found = await world.storage.people.by_username(other.username, viewer.id)
    return found.relation if found else None


class RequestsContract:
    async def test_a_private_account_is_asked(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob", private=True)

        assert await world.follow(ada, bob) is Followed.REQUESTED
        assert await world.follow(ada, bob) is Followed.UNCHANGED

        assert await relation(world, ada, bob) == Relation(requested=True)
        assert names(await world.storage.people.requesting(bob.id, ALL)) == ["ada"]
        assert await standing(world, ada, bob) == [(0, 0), (0, 0)]

    async def test_an_accepted_request_is_a_follow(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob", private=True)
        post = await world.post(bob)
        await world.follow(ada, bob)
        assert await world.storage.feeds.post(post.id, ada.id) is None

        assert await world.accept(ada, bob)
        assert not await world.accept(ada, bob)

        assert await relation(world, ada, bob) == Relation(follows=True)
        assert await world.storage.feeds.post(post.id, ada.id) is not None
        assert names(await world.storage.people.requesting(bob.id, ALL)) == []
        assert await standing(world, ada, bob) == [(0, 1), (1, 0)]

    async def test_a_refused_request_may_be_made_again(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob", private=True)
        await world.follow(ada, bob)

        assert await world.refuse(ada, bob)
        assert not await world.refuse(ada, bob)

        assert await world.follow(ada, bob) is Followed.REQUESTED

    async def test_a_request_can_be_taken_back(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob", private=True)
        await world.follow(ada, bob)

        assert await world.unfollow(ada, bob)
        assert not await world.unfollow(ada, bob)

        assert not await world.accept(ada, bob)
        assert await standing(world, ada, bob) == [(0, 0), (0, 0)]

    async def test_requests_count_towards_the_limit(self, world: World) -> None:
        ada, eve = await world.user("ada"), await world.user("eve")
        bob = await world.user("bob", private=True)
        await world.follow(ada, bob, limit=1)

        with pytest.raises(FollowLimit):
            await world.follow(ada, eve, limit=1)

    async def test_requests_are_listed_newest_first(self, world: World) -> None:
        star = await world.user("star", private=True)
        fans = [await world.user(f"fan_{number}") for number in range(5)]
        for fan in fans:
            await world.follow(fan, star)

        found = await world.storage.people.requesting(star.id, ALL)

        assert names(found) == [fan.username for fan in reversed(fans)]
        await assert_pages(lambda page: world.storage.people.requesting(star.id, page), found.items)

    async def test_who_turns_private_hides_their_posts_and_keeps_their_followers(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        await world.follow(ada, bob)
        await world.post(bob)
        await world.set_private(bob)
        await world.post(bob)

        assert audiences(await world.storage.feeds.of_author(bob.id, ada.id, ALL)) == ["followers"] * 2
        assert (await world.storage.feeds.of_author(bob.id, eve.id, ALL)).items == ()
        assert (await world.storage.feeds.newest(ada.id, ALL)).items == ()

    async def test_who_turns_public_shows_what_was_public_and_lets_in_all_who_asked(self, world: World) -> None:
        ada, bob, eve = await world.user("ada"), await world.user("bob", private=True), await world.user("eve")
        shown, hidden = await world.post(bob), await world.post(bob, private=True)
        for fan in (ada, eve):
            await world.follow(fan, bob)
        await world.refuse(eve, bob)

        await world.set_private(bob, private=False)

        assert [view.post.id for view in (await world.storage.feeds.newest(None, ALL)).items] == [shown.id]
        found = await world.storage.feeds.of_author(bob.id, ada.id, ALL)
        assert [(view.post.id, view.audience) for view in found.items] == [
            (hidden.id, Visibility.FOLLOWERS),
            (shown.id, Visibility.PUBLIC),
        ]
        assert names(await world.storage.people.followers(bob.id, None, ALL)) == ["ada"]
        assert await standing(world, ada, bob, eve) == [(0, 1), (1, 0), (0, 0)]
        assert not await world.storage.counters.verify()

    async def test_a_follow_that_races_the_turn_to_private_is_a_follow_or_a_request(self, world: World) -> None:
        star = await world.user("star")
        fans = [await world.user(f"fan_{number}") for number in range(6)]

        await gather(*(world.follow(fan, star) for fan in fans), world.set_private(star))
        await gather(*(world.accept(fan, star) for fan in fans), world.set_private(star, private=False))

        assert len((await world.storage.people.followers(star.id, None, ALL)).items) == len(fans)
        assert (await world.storage.people.requesting(star.id, ALL)).items == ()
        assert not await world.storage.counters.verify()


class BlocksContract:
    async def test_a_block_ends_follows_and_requests_both_ways(self, world: World) -> None:
        ada, bob, eve = await world.user("ada"), await world.user("bob"), await world.user("eve", private=True)
        await world.follow(ada, bob)
        await world.follow(bob, ada)
        await world.follow(ada, eve)

        assert await world.block(ada, bob)
        assert not await world.block(ada, bob)
        assert await world.block(eve, ada)

        assert await standing(world, ada, bob) == [(0, 0), (0, 0)]
        assert await relation(world, ada, bob) == Relation(blocking=True)
        assert (await world.storage.people.requesting(eve.id, ALL)).items == ()

    async def test_neither_follows_the_other_until_it_is_lifted(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.block(ada, bob)

        with pytest.raises(Blocking):
            await world.follow(ada, bob)
        with pytest.raises(UserNotFound):
            await world.follow(bob, ada)

        assert await world.unblock(ada, bob)
        assert not await world.unblock(ada, bob)
        assert await world.follow(bob, ada) is Followed.FOLLOWS

    async def test_who_is_blocked_neither_finds_nor_likes(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post, theirs = await world.post(ada), await world.post(bob)
        await world.like(theirs, ada)
        await world.block(ada, bob)

        assert await world.storage.people.by_username("ada", bob.id) is None
        assert await world.storage.people.by_username("bob", ada.id) is not None
        assert await world.like(post, bob) is None
        assert await world.like(theirs, ada) is None
        assert (await world.storage.feeds.newest(bob.id, ALL)).items[0].post.like_count == 1

    async def test_follows_and_blocks_at_once_leave_no_follow(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")

        await gather(world.follow(bob, ada), world.block(ada, bob), world.follow(ada, bob), return_exceptions=True)

        assert await standing(world, ada, bob) == [(0, 0), (0, 0)]
        assert not await world.storage.counters.verify()

    async def test_who_has_just_gone_neither_blocks_nor_mutes(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.block(ada, bob)
        await world.mute(ada, bob)
        await world.delete_user(bob)

        for pair in ((ada, bob), (bob, ada)):
            with pytest.raises(UserNotFound):
                await world.block(*pair)
            with pytest.raises(UserNotFound):
                await world.mute(*pair)
        assert (await world.storage.people.blocked_by(ada.id, ALL)).items == ()
        assert (await world.storage.people.muted_by(ada.id, ALL)).items == ()

    async def test_blocks_and_mutes_are_listed_newest_first(self, world: World) -> None:
        ada = await world.user("ada")
        others = [await world.user(f"other_{number}") for number in range(5)]
        for other in others:
            await world.block(ada, other)
        muted = [await world.user(f"muted_{number}") for number in range(5)]
        for other in muted:
            await world.mute(ada, other)

        found = await world.storage.people.blocked_by(ada.id, ALL)
        assert names(found) == [other.username for other in reversed(others)]
        await assert_pages(lambda page: world.storage.people.blocked_by(ada.id, page), found.items)
        found = await world.storage.people.muted_by(ada.id, ALL)
        assert names(found) == [other.username for other in reversed(muted)]
        await assert_pages(lambda page: world.storage.people.muted_by(ada.id, page), found.items)

    async def test_a_mute_hides_where_people_are_mixed_and_nowhere_else(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(bob)
        await world.follow(ada, bob)

        assert await world.mute(ada, bob)
        assert not await world.mute(ada, bob)
        for mixed in (await world.storage.feeds.home(ada.id, ALL), await world.storage.feeds.newest(ada.id, ALL)):
            assert mixed.items == ()
        assert [view.post.id for view in (await world.storage.feeds.of_author(bob.id, ada.id, ALL)).items] == [post.id]
        assert await relation(world, ada, bob) == Relation(follows=True, muting=True)

        assert await world.unmute(ada, bob)
        assert not await world.unmute(ada, bob)
        assert [view.post.id for view in (await world.storage.feeds.home(ada.id, ALL)).items] == [post.id]
