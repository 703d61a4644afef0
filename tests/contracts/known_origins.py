"""The contract of known sign-in origins."""

from datetime import timedelta

from domain.ids import UserId
from domain.known_origins import ORIGIN_LIFETIME
from tests.contracts.harness import BEGINNING, StorageHarness

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
TICK = timedelta(seconds=1)


class KnownOriginsContract:
    async def test_origin_is_known_for_its_account_only(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.storage.known_origins.record(ada.id, [ONE, TWO], BEGINNING)

        assert await harness.storage.known_origins.filter_known(ada.id, [TWO, THREE], BEGINNING) == {TWO}
        assert await harness.storage.known_origins.filter_known(bob.id, [ONE, TWO], BEGINNING) == set()

    async def test_origin_expires_after_last_sign_in(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.storage.known_origins.record(ada.id, [ONE, TWO], BEGINNING)
        await harness.storage.known_origins.record(ada.id, [ONE], BEGINNING + 2 * TICK)

        late = BEGINNING + ORIGIN_LIFETIME + TICK
        assert await harness.storage.known_origins.filter_known(ada.id, [ONE, TWO], late) == {ONE}
        assert await harness.storage.known_origins.delete_expired(late) == 1
        assert await harness.storage.known_origins.filter_known(ada.id, [ONE], late) == {ONE}

    async def test_deleted_account_has_no_known_origins(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.delete_user(ada)

        await harness.storage.known_origins.record(ada.id, [ONE], BEGINNING)
        await harness.storage.known_origins.record(UserId(harness.new_id()), [ONE], BEGINNING)

        assert await harness.storage.known_origins.filter_known(ada.id, [ONE], BEGINNING) == set()
