"""The contract of `Users`: writes."""

from asyncio import gather
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.ids import UserId
from domain.posts import SensitiveMedia
from domain.roles import Role
from domain.users import EmailStatus, EmailTaken, ProfileChanges, User, UsernameTaken
from tests.contracts.harness import StorageHarness, at
from tests.contracts.paging import ALL


async def try_add(harness: StorageHarness, user: User) -> bool:
    """Whether the user could be added."""
    async with harness.storage.begin() as uow:
        try:
            await uow.users.add(user, user.created_at)
        except (UsernameTaken, EmailTaken):
            return False
        await uow.commit()
    return True


class UsersContract:
    async def test_stored_user_is_read_unchanged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada", bio="I draw.", display_name="Ada L.", role=Role.ADMIN)

        async with harness.storage.begin() as uow:
            assert await uow.users.get(ada.id) == ada

    @pytest.mark.parametrize("role", list(Role))
    async def test_each_role_is_stored(self, harness: StorageHarness, role: Role) -> None:
        ada = await harness.add_user("ada", role=role)

        async with harness.storage.begin() as uow:
            assert await uow.users.get(ada.id) == ada

    @pytest.mark.parametrize("choice", list(SensitiveMedia))
    async def test_preference_for_sensitive_media_is_stored(
        self, harness: StorageHarness, choice: SensitiveMedia
    ) -> None:
        ada = await harness.add_user("ada", sensitive_media=choice)
        bob = await harness.add_user("bob")
        async with harness.storage.begin() as uow:
            await uow.users.save(bob.with_changes(ProfileChanges(sensitive_media=choice)))
            await uow.commit()

        async with harness.storage.begin() as uow:
            assert await uow.users.get(ada.id) == ada
            assert await uow.users.get(bob.id) == replace(bob, sensitive_media=choice)

    async def test_unknown_id_is_none(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            assert await uow.users.get(UserId(harness.new_id())) is None

    async def test_username_is_unique(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")

        with pytest.raises(UsernameTaken) as refused:
            await harness.add_user("ada", email="other@example.org")

        assert refused.value.facts == UsernameTaken("ada").facts
        assert refused.value.detail == UsernameTaken("ada").detail

    async def test_email_is_unique(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")

        with pytest.raises(EmailTaken) as refused:
            await harness.add_user("bob", email="ada@example.org")

        assert refused.value.facts == EmailTaken("ada@example.org").facts
        assert await harness.storage.user_reader.by_username("bob", None) is None

    async def test_claimed_email_is_not_unique(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        claims = {"email": ada.email, "email_status": EmailStatus.CLAIMED}
        bob, eve = await harness.add_user("bob", **claims), await harness.add_user("eve", **claims)

        assert (await harness.read_user(bob)).email_status is EmailStatus.CLAIMED
        assert await harness.storage.user_reader.by_login(ada.email) == ada
        await harness.delete_user(ada)
        assert await harness.storage.user_reader.by_login(eve.email) is None

    async def test_email_can_be_changed_and_verified(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        async with harness.storage.begin() as uow:
            await uow.users.set_email(ada.id, "new@example.org", EmailStatus.VERIFIED)
            await uow.users.set_email(bob.id, "ada@example.org", EmailStatus.HELD)
            await uow.users.set_email(UserId(harness.new_id()), "new@example.org", EmailStatus.HELD)
            await uow.commit()

        changed = replace(ada, email="new@example.org", email_status=EmailStatus.VERIFIED)
        assert await harness.read_user(ada) == changed
        assert await harness.storage.user_reader.by_login("new@example.org") == changed
        assert await harness.storage.user_reader.by_login("ada@example.org") == replace(bob, email="ada@example.org")

    async def test_email_of_other_user_cannot_be_verified(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob", email_status=EmailStatus.CLAIMED)

        with pytest.raises(EmailTaken) as refused:
            async with harness.storage.begin() as uow:
                await uow.users.set_email(bob.id, ada.email, EmailStatus.VERIFIED)

        assert refused.value.facts == EmailTaken(ada.email).facts
        assert await harness.read_user(bob) == bob

    async def test_error_names_username_if_both_are_taken(self, harness: StorageHarness) -> None:
        await harness.add_user("ada")

        with pytest.raises(UsernameTaken):
            await harness.add_user("ada")

    async def test_one_of_concurrent_sign_ups_gets_name(self, harness: StorageHarness) -> None:
        wanted = [harness.new_user("ada", email=f"{number}@example.org") for number in range(10)]

        got = await gather(*(try_add(harness, user) for user in wanted))

        assert got.count(True) == 1
        assert (await harness.storage.user_reader.by_username("ada", None)) is not None
        assert len((await harness.storage.user_reader.all_users(ALL)).items) == 1

    async def test_save_changes_profile_and_keeps_counts(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        image = await harness.add_image(ada)
        await harness.follow(bob, ada)
        changed = replace(
            ada,
            display_name="Countess",
            bio="new",
            avatar_image_id=image.id,
            role=Role.ADMIN,
            password_hash="other",
        )

        async with harness.storage.begin() as uow:
            await uow.users.save(replace(changed, followers_count=7, posts_count=7, private=True))
            await uow.commit()

        assert await harness.read_user(ada) == replace(changed, followers_count=1)

    async def test_save_of_deleted_user_does_nothing(self, harness: StorageHarness) -> None:
        async with harness.storage.begin() as uow:
            await uow.users.save(harness.new_user("ada"))
            await uow.commit()

        assert await harness.storage.user_reader.by_username("ada", None) is None

    async def test_deleted_name_is_reserved_until_date(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        day = at(1_000_000)
        await harness.delete_user(ada, reserved_until=day)

        early = harness.new_user("ada")
        assert not await try_add(harness, replace(early, created_at=day - timedelta(seconds=1)))
        assert await try_add(harness, harness.new_user("bob", email=ada.email))
        late = harness.new_user("ada", email="new@example.org")
        assert await try_add(harness, replace(late, created_at=day + timedelta(seconds=1)))

    async def test_reused_name_is_reserved_again(self, harness: StorageHarness) -> None:
        await harness.delete_user(await harness.add_user("ada"), reserved_until=at(0))
        day = at(2_000_000)
        await harness.delete_user(await harness.add_user("ada"), reserved_until=day)

        assert not await try_add(harness, harness.new_user("ada"))
        assert await try_add(harness, replace(harness.new_user("ada"), created_at=day + timedelta(seconds=1)))

    async def test_expired_reservations_are_deleted(self, harness: StorageHarness) -> None:
        day = at(2_000_000)
        await harness.delete_user(await harness.add_user("ada"), reserved_until=day)
        await harness.delete_user(await harness.add_user("bob"), reserved_until=day + timedelta(seconds=1))

        async with harness.storage.begin() as uow:
            assert await uow.users.delete_expired_reservations(day) == 1
            assert await uow.users.delete_expired_reservations(day) == 0
            await uow.commit()

        early = at(1_000_000)
        assert await try_add(harness, replace(harness.new_user("ada"), created_at=early))
        assert not await try_add(harness, replace(harness.new_user("bob"), created_at=early))

    async def test_deletion_of_missing_user_reserves_nothing(self, harness: StorageHarness) -> None:
        ada = harness.new_user("ada")

        await harness.delete_user(ada, reserved_until=at(1_000_000))

        assert await try_add(harness, ada)

    async def test_deletion_removes_dependent_rows(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post, unposted = await harness.add_post(ada), await harness.add_image(ada)
        token = await harness.add_token(ada, "secret")
        await harness.like(post, bob)
        await harness.add_comment(post, bob)

        await harness.delete_user(ada)

        assert await harness.storage.user_reader.by_username("ada", None) is None
        assert await harness.storage.user_reader.by_login(ada.email) is None
        assert await harness.storage.post_reader.by_id(post.id, bob.id) is None
        assert await harness.storage.image_reader.by_id(unposted.id, ada.id) is None
        assert await harness.storage.token_reader.by_hash(token.hash) is None
        assert (await harness.storage.post_reader.liked_by(bob.id, None, ALL)).items == ()
        async with harness.storage.begin() as uow:
            assert list(await uow.understandings.counts()) == []
        assert list(await harness.storage.counters.verify()) == []

    async def test_deleted_user_is_no_longer_counted(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(bob)
        for _ in range(2):
            await harness.add_comment(post, ada)
        comment = await harness.add_comment(post, bob)
        await harness.like(post, ada)
        await harness.follow(ada, bob)
        await harness.follow(bob, ada)

        await harness.delete_user(ada)
        await harness.delete_user(ada)

        standing, left = await harness.read_post(post), await harness.read_user(bob)
        assert (standing.like_count, standing.comment_count) == (0, 1)
        assert (left.followers_count, left.following_count, left.posts_count) == (0, 0, 1)
        thread = await harness.storage.comment_reader.of_post(post.id, None, ALL)
        assert [view.comment for view in thread.items] == [comment]
        assert list(await harness.storage.counters.verify()) == []
