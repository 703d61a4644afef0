"""From where accounts were signed in to."""

from datetime import timedelta

from domain.ids import UserId
from domain.known_origins import ORIGIN_LIFETIME
from tests.contracts.harness import BEGINNING, StorageHarness

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
TICK = timedelta(seconds=1)


class KnownOriginsContract:
    async def test_what_was_noted_is_known_for_that_account_alone(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        await harness.storage.known_origins.record(ada.id, [ONE, TWO], BEGINNING)

        assert await harness.storage.known_origins.filter_known(ada.id, [TWO, THREE], BEGINNING) == {TWO}
        assert await harness.storage.known_origins.filter_known(bob.id, [ONE, TWO], BEGINNING) == set()

    async def test_it_is_known_for_its_time_after_the_last_note(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.storage.known_origins.record(ada.id, [ONE, TWO], BEGINNING)
        await harness.storage.known_origins.record(ada.id, [ONE], BEGINNING + 2 * TICK)

        late = BEGINNING + ORIGIN_LIFETIME + TICK
        assert await harness.storage.known_origins.filter_known(ada.id, [ONE, TWO], late) == {ONE}
        assert await harness.storage.known_origins.delete_expired(late) == 1
        assert await harness.storage.known_origins.filter_known(ada.id, [ONE], late) == {ONE}

    async def test_an_account_that_is_gone_is_not_known(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.delete_user(ada)

        await harness.storage.known_origins.record(ada.id, [ONE], BEGINNING)
        await harness.storage.known_origins.record(UserId(harness.new_id()), [ONE], BEGINNING)

        assert await harness.storage.known_origins.filter_known(ada.id, [ONE], BEGINNING) == set()
