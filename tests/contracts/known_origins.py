"""From where accounts were signed in to."""

from datetime import timedelta

from domain.ids import UserId
from domain.known_origins import KNOWN_FOR
from tests.contracts.world import BEGINNING, World

ONE, TWO, THREE = ("1" * 64, "2" * 64, "3" * 64)
MOMENT = timedelta(seconds=1)


class KnownOriginsContract:
    async def test_what_was_noted_is_known_for_that_account_alone(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        await world.storage.known_origins.note(ada.id, [ONE, TWO], BEGINNING)

        assert await world.storage.known_origins.known(ada.id, [TWO, THREE], BEGINNING) == {TWO}
        assert await world.storage.known_origins.known(bob.id, [ONE, TWO], BEGINNING) == set()

    async def test_it_is_known_for_its_time_after_the_last_note(self, world: World) -> None:
        ada = await world.user("ada")
        await world.storage.known_origins.note(ada.id, [ONE, TWO], BEGINNING)
        await world.storage.known_origins.note(ada.id, [ONE], BEGINNING + 2 * MOMENT)

        late = BEGINNING + KNOWN_FOR + MOMENT
        assert await world.storage.known_origins.known(ada.id, [ONE, TWO], late) == {ONE}
        assert await world.storage.known_origins.forget(late) == 1
        assert await world.storage.known_origins.known(ada.id, [ONE], late) == {ONE}

    async def test_an_account_that_is_gone_is_not_known(self, world: World) -> None:
        ada = await world.user("ada")
        await world.delete_user(ada)

        await world.storage.known_origins.note(ada.id, [ONE], BEGINNING)
        await world.storage.known_origins.note(UserId(world.id()), [ONE], BEGINNING)

        assert await world.storage.known_origins.known(ada.id, [ONE], BEGINNING) == set()
