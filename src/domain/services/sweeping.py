"""Sweeping: uploads that were never posted go after a week, bytes that no row has named after a day."""

from datetime import timedelta

from domain.blobs import BlobKey, BlobStore
from domain.clock import Clock
from domain.quotas import KEPT_DAYS
from domain.sweeping import ORPHANED_FOR, UNPOSTED_FOR, Orphans
from domain.unit_of_work import Begin

BATCH = 1000


class Sweeping:
    def __init__(self, begin: Begin, orphans: Orphans, blobs: BlobStore, clock: Clock) -> None:
        self._begin = begin
        self._orphans = orphans
        self._blobs = blobs
        self._clock = clock

    async def sweep(self) -> int:
        """Register what has no name, delete what has had none for `ORPHANED_FOR`; how many blobs went."""
        await self._register()
        swept = 0
        while deleted := await self._delete_ripe():
            swept += deleted
        return swept

    async def delete_unposted(self) -> int:
        """Delete uploads that stand in no post after `UNPOSTED_FOR` and are no avatar; how many. Their bytes are swept
        like those of any deleted image."""
        count = 0
        while deleted := await self._delete_unposted():
            count += deleted
        return count

    async def _delete_unposted(self) -> int:
        async with self._begin() as uow:
            deleted = await uow.images.delete_unposted(self._clock.now() - UNPOSTED_FOR, BATCH)
            await uow.commit()
        return deleted

    async def forget_daily_uploads(self) -> int:
        """Drop the totals of days that no quota asks for any more; how many."""
        async with self._begin() as uow:
            count = await uow.quotas.forget(self._clock.now().date() - timedelta(days=KEPT_DAYS))
            await uow.commit()
        return count

    async def _register(self) -> None:
        batch: list[BlobKey] = []
        async for key in self._blobs.keys():
            batch.append(key)
            if len(batch) == BATCH:
                await self._orphans.note(batch, self._clock.now())
                batch = []
        await self._orphans.note(batch, self._clock.now())

    async def _delete_ripe(self) -> int:
        async with self._orphans.ripe(self._clock.now() - ORPHANED_FOR, BATCH) as keys:
            for key in keys:
                await self._blobs.delete(key)
        return len(keys)
