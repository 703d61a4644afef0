"""The contract of invitations."""

from asyncio import gather
from dataclasses import replace

import pytest

from domain.ids import InviteId
from domain.invites import Invite
from domain.users import User, UserNotFound
from tests.contracts.harness import StorageHarness, at
from tests.contracts.paging import ALL, assert_pages


async def add_invite(harness: StorageHarness, code: str, creator: User | None = None, max_uses: int = 1) -> Invite:
    name = creator.username if creator else None
    invite = Invite(InviteId(harness.new_id()), code, harness.now(), at(100), max_uses, creator=name)
    async with harness.storage.begin() as uow:
        await uow.invites.add(invite, creator.id if creator else None)
        await uow.commit()
    return invite


async def use(harness: StorageHarness, code: str) -> bool:
    """Use the invitation like a sign-up."""
    async with harness.storage.begin() as uow:
        invite = await uow.invites.by_code(code)
        if invite is None or invite.error(at(0)):
            return False
        await uow.invites.count_use(invite.id)
        await uow.commit()
    return True


class InvitesContract:
    async def test_invitations_are_listed_newest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        invites = [await add_invite(harness, f"code {number}", ada) for number in range(3)]

        await assert_pages(harness.storage.invite_reader.all_invites, invites[::-1])

    async def test_invitation_is_found_by_code(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        invite = await add_invite(harness, "code", ada)

        async with harness.storage.begin() as uow:
            assert await uow.invites.by_code("code") == replace(invite, creator=None)
            assert await uow.invites.by_code("Code") is None

    async def test_concurrent_uses_never_exceed_the_limit(self, harness: StorageHarness) -> None:
        invite = await add_invite(harness, "code", max_uses=3)

        used = await gather(*(use(harness, "code") for _ in range(10)))

        assert used.count(True) == 3
        (stored,) = (await harness.storage.invite_reader.all_invites(ALL)).items
        assert stored == replace(invite, uses=3)

    async def test_invitation_is_deleted_once(self, harness: StorageHarness) -> None:
        invite = await add_invite(harness, "code")

        async with harness.storage.begin() as uow:
            assert await uow.invites.delete(invite.id)
            assert not await uow.invites.delete(invite.id)
            await uow.commit()

        assert (await harness.storage.invite_reader.all_invites(ALL)).items == ()

    async def test_expired_invitations_are_deleted(self, harness: StorageHarness) -> None:
        await add_invite(harness, "code")

        async with harness.storage.begin() as uow:
            assert await uow.invites.delete_expired(at(100)) == 0
            assert await uow.invites.delete_expired(at(101)) == 1
            await uow.commit()

    async def test_deleted_user_creates_no_invitation(self, harness: StorageHarness) -> None:
        with pytest.raises(UserNotFound):
            await add_invite(harness, "code", harness.new_user("ada"))

    async def test_invitation_outlives_its_creator(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        invite, other = await add_invite(harness, "code", ada), await add_invite(harness, "other", bob)

        await harness.delete_user(ada)

        listed = (await harness.storage.invite_reader.all_invites(ALL)).items
        assert listed == (other, replace(invite, creator=None))
