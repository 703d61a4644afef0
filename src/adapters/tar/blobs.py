import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

from adapters.system.executor import BoundedExecutor
from adapters.tar.archive import TarArchive
from domain.blobs import CHUNK_BYTES, BlobContent, BlobKey, BlobMissing, BlobStore, check_content

FOLDER = "blobs/"


class TarBlobStore(BlobStore):
    """Blobs are added while the archive is written. `executor` has one thread, which alone uses the archive."""

    def __init__(self, archive: TarArchive, executor: BoundedExecutor) -> None:
        self._archive = archive
        self._executor = executor
        self._writing = asyncio.Lock()

    async def key_of(self, data: bytes) -> BlobKey:
        return BlobKey.of(data)

    async def put(self, data: bytes) -> BlobKey:
        key = BlobKey.of(data)
        await self.store(key, BlobContent.of(data))
        return key

    async def get(self, key: BlobKey) -> bytes:
        return await (await self.open(key)).read()

    async def open(self, key: BlobKey) -> BlobContent:
        size = await self._executor.run(self._size, key)
        return BlobContent(size, self._chunks(key, size))

    async def store(self, key: BlobKey, content: BlobContent) -> None:
        async with self._writing:
            append = self._archive.append(_member(key), content.size)
            async with self._executor.enter(append) as file:
                async for chunk in check_content(key, content):
                    await self._executor.run(file.write, chunk)

    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:  # noqa: ARG002 — no blob has an address
        return None

    async def delete(self, key: BlobKey) -> None:
        """Remove the blob from the list. Its bytes stay in the file."""
        await self._executor.run(self._archive.members.pop, _member(key), None)

    async def keys(self) -> AsyncIterator[BlobKey]:
        for name in await self._executor.run(lambda: list(self._archive.members)):
            if name.startswith(FOLDER):
                yield BlobKey(name.rpartition("/")[2])

    def _size(self, key: BlobKey) -> int:
        try:
            return self._archive.members[_member(key)][1]
        except KeyError:
            raise BlobMissing(f"the blob {key} is not in {self._archive.path}", key=str(key)) from None

    async def _chunks(self, key: BlobKey, size: int) -> AsyncIterator[bytes]:
        for start in range(0, size, CHUNK_BYTES):
            yield await self._executor.run(self._archive.read, _member(key), start, CHUNK_BYTES)


def _member(key: BlobKey) -> str:
    return f"{FOLDER}{key.value[:2]}/{key.value[2:4]}/{key.value}"
