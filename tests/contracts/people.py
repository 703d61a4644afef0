"""People as others see them."""

from collections.abc import Sequence
from dataclasses import replace

from domain.ids import PostId
from domain.images import Size
from domain.pages import PageRequest, Position
from domain.people import Profile, Relation
from domain.users import User
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World, at


def names(profiles: Sequence[Profile]) -> list[str]:
    return [profile.user.username for profile in profiles]


async def crowd(world: World, number: int) -> list[User]:
    return [await world.user(f"user_{index}") for index in range(number)]


class PeopleContract:
    async def test_a_profile_is_found_by_its_name(self, world: World) -> None:
        ada = await world.user("ada")

        assert await world.storage.people.by_username("ada", None) == Profile(ada)
        assert await world.storage.people.by_username("ad", None) is None
        assert await world.storage.people.by_username(ada.email, None) is None

    async def test_signing_in_finds_name_or_email(self, world: World) -> None:
        ada = await world.user("ada")

        assert await world.storage.people.by_login("ada") == ada
        assert await world.storage.people.by_login("ada@example.org") == ada
        assert await world.storage.people.by_login("bob@example.org") is None

    async def test_the_viewer_sees_how_they_stand(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.follow(ada, bob)

        seen = [await world.storage.people.by_username("bob", viewer) for viewer in (None, ada.id, bob.id)]
        back = await world.storage.people.by_username("ada", bob.id)

        assert [profile.relation for profile in seen if profile] == [None, Relation(follows=True), Relation()]
        assert back is not None
        assert back.relation == Relation(followed_by=True)

    async def test_an_avatar_stands_beside_the_name_until_its_image_goes(self, world: World) -> None:
        ada = await world.user("ada")
        image = await world.image(ada)
        async with world.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=image.id))
            await uow.commit()

        worn = await world.storage.people.by_username("ada", None)
        async with world.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()
        bare = await world.storage.people.by_username("ada", None)

        assert worn is not None
        assert worn.avatar is not None
        assert worn.avatar.image_id == image.id
        assert worn.avatar.thumb == image.renditions[Size.THUMB].key
        assert worn.avatar.medium == image.renditions[Size.MEDIUM].key
        assert bare == Profile(ada)

    async def test_followers_stand_newest_follow_first(self, world: World) -> None:
        bob = await world.user("bob")
        fans = await crowd(world, 5)
        for fan in (fans[index] for index in (3, 0, 4, 1, 2)):
            await world.follow(fan, bob)

        found = await world.storage.people.followers(bob.id, fans[0].id, ALL)

        assert names(found.items) == [fans[index].username for index in (2, 1, 4, 0, 3)]
        assert {profile.relation for profile in found.items} == {Relation()}
        await assert_pages(lambda page: world.storage.people.followers(bob.id, fans[0].id, page), found.items)

    async def test_the_followed_stand_newest_follow_first(self, world: World) -> None:
        bob = await world.user("bob")
        stars = await crowd(world, 4)
        for star in (stars[index] for index in (2, 0, 3, 1)):
            await world.follow(bob, star)

        found = await world.storage.people.following(bob.id, bob.id, ALL)

        assert names(found.items) == [stars[index].username for index in (1, 3, 0, 2)]
        assert {profile.relation for profile in found.items} == {Relation(follows=True)}
        await assert_pages(lambda page: world.storage.people.following(bob.id, bob.id, page), found.items)

    async def test_follows_of_one_moment_are_paged_without_repeat(self, world: World) -> None:
        bob, moment = await world.user("bob"), world.now()
        fans = await crowd(world, 4)
        async with world.storage.begin() as uow:
            for fan in fans:
                await uow.follows.add(fan.id, bob.id, moment, 10)
            await uow.commit()

        found = await world.storage.people.followers(bob.id, None, ALL)

        assert names(found.items) == names([Profile(fan) for fan in reversed(fans)])
        await assert_pages(lambda page: world.storage.people.followers(bob.id, None, page), found.items)

    async def test_who_liked_stand_newest_like_first(self, world: World) -> None:
        ada = await world.user("ada")
        post, other = await world.post(ada), await world.post(ada)
        fans = await crowd(world, 4)
        for fan in (fans[index] for index in (2, 3, 0, 1)):
            await world.like(post, fan)
        await world.like(other, ada)

        found = await world.storage.people.who_liked(post.id, None, ALL)

        assert names(found.items) == [fans[index].username for index in (1, 0, 3, 2)]
        await assert_pages(lambda page: world.storage.people.who_liked(post.id, None, page), found.items)

    async def test_a_follow_between_two_pages_neither_repeats_nor_skips(self, world: World) -> None:
        bob = await world.user("bob")
        fans = await crowd(world, 4)
        for fan in fans[:3]:
            await world.follow(fan, bob)

        first = await world.storage.people.followers(bob.id, None, PageRequest(2))
        await world.follow(fans[3], bob)
        await world.unfollow(fans[1], bob)
        second = await world.storage.people.followers(bob.id, None, PageRequest(2, first.next))

        assert names([*first.items, *second.items]) == [fans[index].username for index in (2, 1, 0)]

    async def test_a_position_is_the_moment_and_the_person(self, world: World) -> None:
        """To the microsecond, or a page would be cut beside its place."""
        bob, (first, second) = await world.user("bob"), await crowd(world, 2)
        post, moment = await world.post(bob), at(0.123457)
        for fan in (first, second):
            await world.like(post, fan, at=moment)

        found = await world.storage.people.who_liked(post.id, None, PageRequest(1))
        everybody = await world.storage.people.everybody(PageRequest(1))

        assert found.next == Position(second.id, moment.timestamp())
        assert everybody.next == Position(second.id)

    async def test_everybody_stands_newest_first(self, world: World) -> None:
        people = await crowd(world, 3)

        found = await world.storage.people.everybody(ALL)

        assert list(found.items) == [Profile(user) for user in reversed(people)]
        await assert_pages(world.storage.people.everybody, found.items)

    async def test_nobody_makes_an_empty_list(self, world: World) -> None:
        ada = await world.user("ada")
        nothing = PostId(world.id())

        assert (await world.storage.people.followers(ada.id, None, ALL)).items == ()
        assert (await world.storage.people.following(ada.id, None, ALL)).next is None
        assert (await world.storage.people.who_liked(nothing, None, ALL)).items == ()
