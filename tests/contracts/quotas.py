"""What people upload a day."""

from asyncio import gather
from datetime import date, timedelta

import pytest

from domain.ids import UserId
from domain.quotas import Uploaded
from domain.users import UserNotFound
from tests.contracts.world import World

TODAY = date(2026, 3, 1)


async def add(world: World, user_id: UserId, day: date, size: int) -> Uploaded:
    async with world.storage.begin() as uow:
        total = await uow.quotas.add(user_id, day, size)
        await uow.commit()
    return total


class QuotasContract:
    async def test_files_and_bytes_add_up_by_person_and_day(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")

        assert await add(world, ada.id, TODAY, 5_000_000_000) == Uploaded(1, 5_000_000_000)
        assert await add(world, ada.id, TODAY, 7) == Uploaded(2, 5_000_000_007)
        await add(world, ada.id, TODAY + timedelta(days=1), 3)

        async with world.storage.begin() as uow:
            assert await uow.quotas.uploaded(ada.id, TODAY) == Uploaded(2, 5_000_000_007)
            assert await uow.quotas.uploaded(bob.id, TODAY) == Uploaded()

    async def test_what_is_rolled_back_does_not_count(self, world: World) -> None:
        ada = await world.user("ada")
        async with world.storage.begin() as uow:
            await uow.quotas.add(ada.id, TODAY, 7)

        assert await add(world, ada.id, TODAY, 1) == Uploaded(1, 1)

    async def test_uploads_at_the_same_time_all_count(self, world: World) -> None:
        ada = await world.user("ada")

        totals = await gather(*(add(world, ada.id, TODAY, 1) for _ in range(8)))

        assert sorted(total.images for total in totals) == list(range(1, 9))

    async def test_somebody_who_has_gone_uploads_nothing(self, world: World) -> None:
        ada = await world.user("ada")
        await add(world, ada.id, TODAY, 1)
        await world.delete_user(ada)

        with pytest.raises(UserNotFound):
            await add(world, ada.id, TODAY, 1)

    async def test_old_days_are_forgotten(self, world: World) -> None:
        ada = await world.user("ada")
        for days in range(3):
            await add(world, ada.id, TODAY + timedelta(days=days), 1)

        async with world.storage.begin() as uow:
            assert await uow.quotas.forget(TODAY + timedelta(days=2)) == 2
            assert await uow.quotas.uploaded(ada.id, TODAY + timedelta(days=2)) == Uploaded(1, 1)
