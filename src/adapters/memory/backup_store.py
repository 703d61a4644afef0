from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from adapters.memory.blobs import MemoryBlobStore
from domain.backups import MANIFESTS, BackupStore
from domain.blobs import BlobStore


class MemoryBackupStore(BackupStore):
    def __init__(self) -> None:
        self._documents: dict[str, bytes] = {}
        self._blobs = MemoryBlobStore()

    @property
    def where(self) -> str:
        return "memory"

    @property
    def blobs(self) -> BlobStore:
        return self._blobs

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        yield

    async def is_foreign(self) -> bool:
        return False

    async def read(self, name: str) -> bytes | None:
        return self._documents.get(name)

    async def write(self, name: str, content: bytes) -> None:
        self._documents[name] = content

    async def names(self) -> Sequence[str]:
        return sorted(name for name in self._documents if name.startswith(MANIFESTS))
