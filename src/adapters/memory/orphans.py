from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from adapters.memory.store import MemoryStore
from domain.blobs import BlobKey
from domain.sweeping import Orphans


class MemoryOrphans(Orphans):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def note(self, keys: Sequence[BlobKey], now: datetime) -> None:
        register, named = self._store.orphans, self._named()
        for key in keys:
            if key in named:
                register.pop(key, None)
            else:
                register.setdefault(key, now)

    @asynccontextmanager
    async def ripe(self, before: datetime, limit: int) -> AsyncIterator[Sequence[BlobKey]]:
        async with self._store.latch.sweep():
            register, named = self._store.orphans, self._named()
            ripe = [key for key, noted_at in register.items() if noted_at < before and key not in named][:limit]
            yield ripe
            for key in ripe:
                register.pop(key, None)

    def _named(self) -> set[BlobKey]:
        """What a row names."""
        return {
            key
            for image in self._store.committed.images.values()
            for key in (image.original, *(rendition.key for rendition in image.renditions.values()))
        }
