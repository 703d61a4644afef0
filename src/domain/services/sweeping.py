"""Sweep: deletes uploads that were not posted for a week, and blobs that were unreferenced for a day."""

from datetime import timedelta

from domain.blobs import BlobKey, BlobStore
from domain.clock import Clock
from domain.images import UNPOSTED_RETENTION
from domain.quotas import RETENTION_DAYS
from domain.services.in_parallel import for_each
from domain.unit_of_work import UnitOfWorkFactory
from domain.unreferenced_blobs import UnreferencedBlobs

BATCH_SIZE = 1000
CLAIM_SIZE = 100
"""Blobs claimed at once: deleting them takes seconds, also in an object store."""


class Sweeping:
    def __init__(
        self, begin: UnitOfWorkFactory, unreferenced_blobs: UnreferencedBlobs, blobs: BlobStore, clock: Clock
    ) -> None:
        self._begin = begin
        self._unreferenced_blobs = unreferenced_blobs
        self._blobs = blobs
        self._clock = clock

    async def sweep(self) -> int:
        """Register unreferenced blobs, and delete those unreferenced for `UNREFERENCED_RETENTION`. Return the number
        deleted."""
        await self._register_unreferenced()
        swept = 0
        while deleted := await self._delete_batch():
            swept += deleted
        return swept

    async def delete_unposted(self) -> int:
        """Delete uploads that after `UNPOSTED_RETENTION` are in no post and not an avatar. Return their number. Their
        blobs are swept like those of any deleted image."""
        count = 0
        while deleted := await self._delete_unposted_batch():
            count += deleted
        return count

    async def _delete_unposted_batch(self) -> int:
        async with self._begin() as uow:
            deleted = await uow.images.delete_unposted(self._clock.now() - UNPOSTED_RETENTION, BATCH_SIZE)
            await uow.commit()
        return deleted

    async def delete_old_upload_totals(self) -> int:
        """Delete the totals of days that no quota needs any more. Return their number."""
        async with self._begin() as uow:
            count = await uow.quotas.delete_before(self._clock.now().date() - timedelta(days=RETENTION_DAYS))
            await uow.commit()
        return count

    async def _register_unreferenced(self) -> None:
        batch: list[BlobKey] = []
        async for key in self._blobs.keys():
            batch.append(key)
            if len(batch) == BATCH_SIZE:
                await self._unreferenced_blobs.register(batch, self._clock.now())
                batch = []
        await self._unreferenced_blobs.register(batch, self._clock.now())

    async def _delete_batch(self) -> int:
        """Delete some blobs, each under a claim, so that uploads of other blobs never wait."""
        claim = await self._unreferenced_blobs.claim_expired(self._clock.now(), CLAIM_SIZE)
        waiting = set(claim.keys)

        async def delete(key: BlobKey) -> None:
            if not claim.permits(self._clock.now()):
                return
            waiting.discard(key)
            await self._blobs.delete(key)
            await self._unreferenced_blobs.remove(claim, key)

        try:
            await for_each(claim.keys, delete)
        finally:
            if waiting:
                await self._unreferenced_blobs.release(claim, waiting)
        return len(claim.keys) - len(waiting)
