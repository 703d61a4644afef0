from collections.abc import AsyncIterator
from datetime import timedelta

from domain.blobs import CHUNK_BYTES, BlobContent, BlobKey, BlobMissing, BlobStore, check_content


class MemoryBlobStore(BlobStore):
    def __init__(self) -> None:
        self._blobs: dict[BlobKey, bytes] = {}

    async def key_of(self, data: bytes) -> BlobKey:
        return BlobKey.of(data)

    async def put(self, data: bytes) -> BlobKey:
        key = BlobKey.of(data)
        self._blobs[key] = bytes(data)
        return key

    async def get(self, key: BlobKey) -> bytes:
        try:
            return self._blobs[key]
        except KeyError:
            raise BlobMissing(f"the bytes of {key} are not there", key=str(key)) from None

    async def open(self, key: BlobKey) -> BlobContent:
        data = await self.get(key)
        return BlobContent(len(data), _chunks(data))

    async def store(self, key: BlobKey, content: BlobContent) -> None:
        self._blobs[key] = b"".join([chunk async for chunk in check_content(key, content)])

    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:  # noqa: ARG002 — no blob has an address
        return None

    async def delete(self, key: BlobKey) -> None:
        self._blobs.pop(key, None)

    async def keys(self) -> AsyncIterator[BlobKey]:
        for key in list(self._blobs):
            yield key


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), CHUNK_BYTES):
        yield data[start : start + CHUNK_BYTES]
