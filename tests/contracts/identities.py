"""The contract of identities."""

import pytest

from domain.identities import Identity, IdentityTaken
from domain.ids import IdentityId
from domain.users import User, UserNotFound
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import assert_pages

ISSUER = "https://provider.example"


class IdentitiesContract:
    async def test_issuer_and_subject_find_an_identity(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        identity = await add_identity(harness, ada, "1")

        async with harness.storage.begin() as uow:
            assert await uow.identities.find(ISSUER, "1") == identity
            assert await uow.identities.find(ISSUER, "2") is None
            assert await uow.identities.find("https://other.example", "1") is None

    async def test_identity_belongs_to_one_user(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await add_identity(harness, ada, "1")

        with pytest.raises(IdentityTaken):
            await add_identity(harness, bob, "1")

    async def test_deleted_user_gets_no_identity(self, harness: StorageHarness) -> None:
        with pytest.raises(UserNotFound):
            await add_identity(harness, harness.new_user("ada"), "1")

    async def test_own_identity_can_be_deleted_once(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        identity = await add_identity(harness, ada, "1")

        async with harness.storage.begin() as uow:
            assert not await uow.identities.delete(identity.id, bob.id)
            assert await uow.identities.delete(identity.id, ada.id)
            assert not await uow.identities.delete(identity.id, ada.id)
            await uow.commit()

    async def test_identities_are_deleted_with_their_user(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await add_identity(harness, ada, "1")
        await harness.delete_user(ada)

        await add_identity(harness, bob, "1")

    async def test_identities_are_listed_newest_first(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await add_identity(harness, bob, "0")
        identities = [await add_identity(harness, ada, str(number)) for number in range(1, 4)]

        await assert_pages(lambda page: harness.storage.identity_reader.of_user(ada.id, page), identities[::-1])


async def add_identity(harness: StorageHarness, user: User, subject: str) -> Identity:
    identity = Identity(IdentityId(harness.new_id()), user.id, ISSUER, subject, harness.now())
    async with harness.storage.begin() as uow:
        await uow.identities.add(identity)
        await uow.commit()
    return identity
