"""Sweeping: bytes that no row has named for a day go."""

from domain.blobs import BlobKey, BlobStore
from domain.clock import Clock
from domain.sweeping import ORPHANED_FOR, Orphans

BATCH = 1000


class Sweeping:
    def __init__(self, orphans: Orphans, blobs: BlobStore, clock: Clock) -> None:
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
