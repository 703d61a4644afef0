"""Accounts: what `Users` writes."""

from asyncio import gather
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.ids import UserId
from domain.users import EmailTaken, Role, User, UsernameTaken
from tests.contracts.paging import ALL
from tests.contracts.world import World, at


async def added(world: World, user: User) -> bool:
    """Whether there was room for them."""
    async with world.storage.begin() as uow:
        try:
            await uow.users.add(user, user.created_at)
        except (UsernameTaken, EmailTaken):
            return False
        await uow.commit()
    return True


class UsersContract:
    async def test_a_person_comes_back_as_they_were_stored(self, world: World) -> None:
        ada = await world.user("ada", bio="I draw.", display_name="Ada L.", role=Role.ADMIN)

        async with world.storage.begin() as uow:
            assert await uow.users.get(ada.id) == ada

    async def test_nobody_is_found_under_an_unknown_id(self, world: World) -> None:
        async with world.storage.begin() as uow:
            assert await uow.users.get(UserId(world.id())) is None

    async def test_a_name_is_taken_once(self, world: World) -> None:
        await world.user("ada")

        with pytest.raises(UsernameTaken) as refused:
            await world.user("ada", email="other@example.org")

        assert refused.value.facts == UsernameTaken("ada").facts
        assert refused.value.detail == UsernameTaken("ada").detail

    async def test_an_email_is_taken_once(self, world: World) -> None:
        await world.user("ada")

        with pytest.raises(EmailTaken) as refused:
            await world.user("bob", email="ada@example.org")

        assert refused.value.facts == EmailTaken("ada@example.org").facts
        assert await world.storage.people.by_username("bob", None) is None

    async def test_where_both_are_taken_the_name_is_said(self, world: World) -> None:
        await world.user("ada")

        with pytest.raises(UsernameTaken):
            await world.user("ada")

    async def test_of_many_who_want_a_name_one_gets_it(self, world: World) -> None:
        wanted = [world.a_user("ada", email=f"{number}@example.org") for number in range(10)]

        got = await gather(*(added(world, user) for user in wanted))

        assert got.count(True) == 1
        assert (await world.storage.people.by_username("ada", None)) is not None
        assert len((await world.storage.people.everybody(ALL)).items) == 1

    async def test_saving_stores_the_profile_and_leaves_counts_alone(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        image = await world.image(ada)
        await world.follow(bob, ada)
        changed = replace(
            ada,
            display_name="Countess",
            bio="new",
            avatar_image_id=image.id,
            role=Role.ADMIN,
            password_hash="other",
        )

        async with world.storage.begin() as uow:
            await uow.users.save(replace(changed, followers_count=7, posts_count=7, private=True))
            await uow.commit()

        assert await world.present(ada) == replace(changed, followers_count=1)

    async def test_saving_somebody_who_is_gone_does_nothing(self, world: World) -> None:
        async with world.storage.begin() as uow:
            await uow.users.save(world.a_user("ada"))
            await uow.commit()

        assert await world.storage.people.by_username("ada", None) is None

    async def test_a_deleted_name_is_reserved_until_its_day(self, world: World) -> None:
        ada = await world.user("ada")
        day = at(1_000_000)
        await world.delete_user(ada, reserved_until=day)

        early = world.a_user("ada")
        assert not await added(world, replace(early, created_at=day - timedelta(seconds=1)))
        assert await added(world, world.a_user("bob", email=ada.email))
        late = world.a_user("ada", email="new@example.org")
        assert await added(world, replace(late, created_at=day + timedelta(seconds=1)))

    async def test_a_name_that_was_taken_again_is_reserved_again(self, world: World) -> None:
        await world.delete_user(await world.user("ada"), reserved_until=at(0))
        day = at(2_000_000)
        await world.delete_user(await world.user("ada"), reserved_until=day)

        assert not await added(world, world.a_user("ada"))
        assert await added(world, replace(world.a_user("ada"), created_at=day + timedelta(seconds=1)))

    async def test_deleting_nobody_is_no_error_and_reserves_nothing(self, world: World) -> None:
        ada = world.a_user("ada")

        await world.delete_user(ada, reserved_until=at(1_000_000))

        assert await added(world, ada)

    async def test_who_leaves_takes_everything_along(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post, unposted = await world.post(ada), await world.image(ada)
        token = await world.token(ada, "secret")
        await world.like(post, bob)
        await world.comment(post, bob)

        await world.delete_user(ada)

        assert await world.storage.people.by_username("ada", None) is None
        assert await world.storage.people.by_login(ada.email) is None
        assert await world.storage.feeds.post(post.id, bob.id) is None
        assert await world.storage.gallery.image(unposted.id, ada.id) is None
        assert await world.storage.sessions.by_hash(token.hash) is None
        assert (await world.storage.feeds.liked_by(bob.id, None, ALL)).items == ()
        async with world.storage.begin() as uow:
            assert list(await uow.understandings.counts()) == []
        assert list(await world.storage.counters.verify()) == []

    async def test_who_leaves_is_counted_no_more(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(bob)
        for _ in range(2):
            await world.comment(post, ada)
        comment = await world.comment(post, bob)
        await world.like(post, ada)
        await world.follow(ada, bob)
        await world.follow(bob, ada)

        await world.delete_user(ada)
        await world.delete_user(ada)

        standing, left = await world.standing(post), await world.present(bob)
        assert (standing.like_count, standing.comment_count) == (0, 1)
        assert (left.followers_count, left.following_count, left.posts_count) == (0, 0, 1)
        thread = await world.storage.threads.under(post.id, None, ALL)
        assert [view.comment for view in thread.items] == [comment]
        assert list(await world.storage.counters.verify()) == []
