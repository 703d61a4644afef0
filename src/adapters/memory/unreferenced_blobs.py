from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.memory.store import MemoryStore
from domain.blobs import BlobKey
from domain.unreferenced_blobs import UnreferencedBlobs


class MemoryUnreferencedBlobs(UnreferencedBlobs):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        register, referenced = self._store.unreferenced_blobs, self._referenced_keys()
        for key in keys:
            if key in referenced:
                register.pop(key, None)
            else:
                register.setdefault(key, now)

    @asynccontextmanager
    async def claim_expired(self, before: datetime, limit: int) -> AsyncIterator[Sequence[BlobKey]]:
        async with self._store.sweep_lock:
            register, referenced = self._store.unreferenced_blobs, self._referenced_keys()
            ripe = [key for key, noted_at in register.items() if noted_at < before and key not in referenced][:limit]
            yield ripe
            for key in ripe:
                register.pop(key, None)

    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> None:
        async with self._store.sweep_lock:
            register = self._store.unreferenced_blobs
            register.update({key: max(now, register.get(key, now)) for key in keys})

    def _referenced_keys(self) -> set[BlobKey]:
        """Return the keys that rows refer to."""
        images = {
            key
            for image in self._store.committed.images.values()
            for key in (image.original, *(rendition.key for rendition in image.renditions.values()))
        }
        model = self._store.desired_model
        return images | ({model.file} if model and model.file else set())
