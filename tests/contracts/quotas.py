"""The contract of daily upload quotas."""

from asyncio import gather
from datetime import date, timedelta

import pytest

from domain.ids import UserId
from domain.quotas import DailyUploads
from domain.users import UserNotFound
from tests.contracts.harness import StorageHarness

TODAY = date(2026, 3, 1)


async def add_upload(harness: StorageHarness, user_id: UserId, day: date, size: int) -> DailyUploads:
    async with harness.storage.begin() as uow:
        total = await uow.quotas.add(user_id, day, size)
        await uow.commit()
    return total


class QuotasContract:
    async def test_files_and_bytes_are_summed_by_user_and_day(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        assert await add_upload(harness, ada.id, TODAY, 5_000_000_000) == DailyUploads(1, 5_000_000_000)
        assert await add_upload(harness, ada.id, TODAY, 7) == DailyUploads(2, 5_000_000_007)
        await add_upload(harness, ada.id, TODAY + timedelta(days=1), 3)

        async with harness.storage.begin() as uow:
            assert await uow.quotas.daily_uploads(ada.id, TODAY) == DailyUploads(2, 5_000_000_007)
            assert await uow.quotas.daily_uploads(bob.id, TODAY) == DailyUploads()

    async def test_rolled_back_upload_does_not_count(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        async with harness.storage.begin() as uow:
            await uow.quotas.add(ada.id, TODAY, 7)

        assert await add_upload(harness, ada.id, TODAY, 1) == DailyUploads(1, 1)

    async def test_concurrent_uploads_are_all_counted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")

        totals = await gather(*(add_upload(harness, ada.id, TODAY, 1) for _ in range(8)))

        assert sorted(total.images for total in totals) == list(range(1, 9))

    async def test_deleted_user_cannot_upload(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await add_upload(harness, ada.id, TODAY, 1)
        await harness.delete_user(ada)

        with pytest.raises(UserNotFound):
            await add_upload(harness, ada.id, TODAY, 1)

    async def test_old_days_are_deleted(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for days in range(3):
            await add_upload(harness, ada.id, TODAY + timedelta(days=days), 1)

        async with harness.storage.begin() as uow:
            assert await uow.quotas.delete_before(TODAY + timedelta(days=2)) == 2
            assert await uow.quotas.daily_uploads(ada.id, TODAY + timedelta(days=2)) == DailyUploads(1, 1)
