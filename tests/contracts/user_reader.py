"""The contract of `UserReader`."""

from collections.abc import Sequence
from dataclasses import replace

from domain.ids import PostId
from domain.images import Size
from domain.pages import PageRequest, Position
from domain.profiles import Profile, Relation
from domain.users import User
from tests.contracts.harness import StorageHarness, at
from tests.contracts.paging import ALL, assert_pages


def usernames(profiles: Sequence[Profile]) -> list[str]:
    return [profile.user.username for profile in profiles]


async def add_users(harness: StorageHarness, number: int) -> list[User]:
    return [await harness.add_user(f"user_{index}") for index in range(number)]


class UserReaderContract:
    async def test_profile_is_found_by_username(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")

        assert await harness.storage.user_reader.by_username("ada", None) == Profile(ada)
        assert await harness.storage.user_reader.by_username("ad", None) is None
        assert await harness.storage.user_reader.by_username(ada.email, None) is None

    async def test_others_do_not_find_user_who_waits_for_approval(self, harness: StorageHarness) -> None:
        ada, eve = await harness.add_user("ada"), await harness.add_user("eve", application="let me in")
        reader = harness.storage.user_reader

        assert [await reader.by_username("eve", viewer) for viewer in (None, ada.id)] == [None, None]
        assert list(await harness.storage.search_reader.people("eve", ada.id, 10)) == []
        own = await reader.by_username("eve", eve.id)
        assert own is not None
        assert own.user == eve
        assert usernames((await reader.all_users(ALL)).items) == ["eve", "ada"]

    async def test_users_who_wait_for_approval_are_listed_newest_first(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")
        waiting = [await harness.add_user(f"eve_{number}", application="") for number in range(3)]
        approved = await harness.add_user("bob", application="let me in")
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(approved, application=None))
            await uow.commit()

        await assert_pages(harness.storage.user_reader.pending, [Profile(user) for user in waiting[::-1]])

    async def test_credentials_are_found_by_username_or_email(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")

        assert await harness.storage.user_reader.by_login("ada") == ada
        assert await harness.storage.user_reader.by_login("ada@example.org") == ada
        assert await harness.storage.user_reader.by_login("bob@example.org") is None

    async def test_profile_contains_relation_to_viewer(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.follow(ada, bob)

        seen = [await harness.storage.user_reader.by_username("bob", viewer) for viewer in (None, ada.id, bob.id)]
        back = await harness.storage.user_reader.by_username("ada", bob.id)

        assert [profile.relation for profile in seen if profile] == [None, Relation(follows=True), Relation()]
        assert back is not None
        assert back.relation == Relation(followed_by=True)

    async def test_profile_has_avatar_until_image_is_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        image = await harness.add_image(ada)
        async with harness.storage.begin() as uow:
            await uow.users.save(replace(ada, avatar_image_id=image.id))
            await uow.commit()

        worn = await harness.storage.user_reader.by_username("ada", None)
        async with harness.storage.begin() as uow:
            await uow.images.delete(image.id)
            await uow.commit()
        bare = await harness.storage.user_reader.by_username("ada", None)

        assert worn is not None
        assert worn.avatar is not None
        assert worn.avatar.image_id == image.id
        assert worn.avatar.thumb == image.renditions[Size.THUMB].key
        assert worn.avatar.medium == image.renditions[Size.MEDIUM].key
        assert bare == Profile(ada)

    async def test_followers_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        bob = await harness.add_user("bob")
        fans = await add_users(harness, 5)
        for fan in (fans[index] for index in (3, 0, 4, 1, 2)):
            await harness.follow(fan, bob)

        found = await harness.storage.user_reader.followers(bob.id, fans[0].id, ALL)

        assert usernames(found.items) == [fans[index].username for index in (2, 1, 4, 0, 3)]
        assert {profile.relation for profile in found.items} == {Relation()}
        await assert_pages(lambda page: harness.storage.user_reader.followers(bob.id, fans[0].id, page), found.items)

    async def test_followees_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        bob = await harness.add_user("bob")
        stars = await add_users(harness, 4)
        for star in (stars[index] for index in (2, 0, 3, 1)):
            await harness.follow(bob, star)

        found = await harness.storage.user_reader.following(bob.id, bob.id, ALL)

        assert usernames(found.items) == [stars[index].username for index in (1, 3, 0, 2)]
        assert {profile.relation for profile in found.items} == {Relation(follows=True)}
        await assert_pages(lambda page: harness.storage.user_reader.following(bob.id, bob.id, page), found.items)

    async def test_simultaneous_follows_are_paged_without_repetition(self, harness: StorageHarness) -> None:
        bob, moment = await harness.add_user("bob"), harness.now()
        fans = await add_users(harness, 4)
        async with harness.storage.begin() as uow:
            for fan in fans:
                await uow.follows.add(fan.id, bob.id, moment, 10)
            await uow.commit()

        found = await harness.storage.user_reader.followers(bob.id, None, ALL)

        assert usernames(found.items) == usernames([Profile(fan) for fan in reversed(fans)])
        await assert_pages(lambda page: harness.storage.user_reader.followers(bob.id, None, page), found.items)

    async def test_likers_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post, other = await harness.add_post(ada), await harness.add_post(ada)
        fans = await add_users(harness, 4)
        for fan in (fans[index] for index in (2, 3, 0, 1)):
            await harness.like(post, fan)
        await harness.like(other, ada)

        found = await harness.storage.user_reader.likers(post.id, None, ALL)

        assert usernames(found.items) == [fans[index].username for index in (1, 0, 3, 2)]
        await assert_pages(lambda page: harness.storage.user_reader.likers(post.id, None, page), found.items)

    async def test_paging_neither_repeats_nor_skips_follows(self, harness: StorageHarness) -> None:
        bob = await harness.add_user("bob")
        fans = await add_users(harness, 4)
        for fan in fans[:3]:
            await harness.follow(fan, bob)

        first = await harness.storage.user_reader.followers(bob.id, None, PageRequest(2))
        await harness.follow(fans[3], bob)
        await harness.unfollow(fans[1], bob)
        second = await harness.storage.user_reader.followers(bob.id, None, PageRequest(2, first.next))

        assert usernames([*first.items, *second.items]) == [fans[index].username for index in (2, 1, 0)]

    async def test_position_contains_time_and_user(self, harness: StorageHarness) -> None:
        """To the microsecond: a rounded time would repeat or skip rows."""
        bob, (first, second) = await harness.add_user("bob"), await add_users(harness, 2)
        post, moment = await harness.add_post(bob), at(0.123457)
        for fan in (first, second):
            await harness.like(post, fan, at=moment)

        found = await harness.storage.user_reader.likers(post.id, None, PageRequest(1))
        everybody = await harness.storage.user_reader.all_users(PageRequest(1))

        assert found.next == Position(second.id, moment.timestamp())
        assert everybody.next == Position(second.id)

    async def test_all_users_are_sorted_newest_first(self, harness: StorageHarness) -> None:
        people = await add_users(harness, 3)

        found = await harness.storage.user_reader.all_users(ALL)

        assert list(found.items) == [Profile(user) for user in reversed(people)]
        await assert_pages(harness.storage.user_reader.all_users, found.items)

    async def test_list_without_users_is_empty(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        nothing = PostId(harness.new_id())

        assert (await harness.storage.user_reader.followers(ada.id, None, ALL)).items == ()
        assert (await harness.storage.user_reader.following(ada.id, None, ALL)).next is None
        assert (await harness.storage.user_reader.likers(nothing, None, ALL)).items == ()
