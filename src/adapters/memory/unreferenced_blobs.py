from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from adapters.memory.store import MemoryStore
from domain.blobs import BlobKey
from domain.unreferenced_blobs import CLAIM, Claim, Registration, UnreferencedBlobs


class MemoryUnreferencedBlobs(UnreferencedBlobs):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        register, referenced = self._store.unreferenced_blobs, self._referenced_keys()
        for key in keys:
            if key in referenced:
                register.pop(key, None)
            else:
                register.setdefault(key, Registration(now))

    async def claim_expired(self, now: datetime, limit: int) -> Claim:
        register, referenced = self._store.unreferenced_blobs, self._referenced_keys()
        if any(until > now for until in self._store.deletion_pauses.values()):
            return Claim((), now + CLAIM)
        keys = [
            key
            for key, entry in register.items()
            if entry.is_expired(now) and not entry.is_claimed(now) and key not in referenced
        ][:limit]
        claim = Claim(tuple(keys), now + CLAIM)
        register.update({key: replace(register[key], claimed_until=claim.until) for key in keys})
        return claim

    async def remove(self, claim: Claim, key: BlobKey) -> None:
        for held in self._held_keys(claim, [key]):
            del self._store.unreferenced_blobs[held]

    async def release(self, claim: Claim, keys: Collection[BlobKey]) -> None:
        register = self._store.unreferenced_blobs
        register.update({key: replace(register[key], claimed_until=None) for key in self._held_keys(claim, keys)})

    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> bool:
        register = self._store.unreferenced_blobs
        entries = {key: register.get(key, Registration(now)) for key in keys}
        free = {key: entry.reserve(now) for key, entry in entries.items() if not entry.is_claimed(now)}
        register.update(free)
        return len(free) == len(entries)

    async def pause(self, pause: UUID, until: datetime) -> None:
        self._store.deletion_pauses[pause] = until

    async def resume(self, pause: UUID) -> None:
        self._store.deletion_pauses.pop(pause, None)

    def _held_keys(self, claim: Claim, keys: Collection[BlobKey]) -> list[BlobKey]:
        """Return those of the keys that are still claimed by this claim."""
        register = self._store.unreferenced_blobs
        return [key for key in keys if key in register and register[key].claimed_until == claim.until]

    def _referenced_keys(self) -> set[BlobKey]:
        """Return the keys that rows refer to."""
        images = {
            key
            for image in self._store.committed.images.values()
            for key in (image.original, *(rendition.key for rendition in image.renditions.values()))
        }
        model = self._store.desired_model
        return images | ({model.file} if model and model.file else set())
