from collections.abc import AsyncIterator

from domain.blobs import BlobKey, BlobMissing, BlobStore


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

    async def delete(self, key: BlobKey) -> None:
        self._blobs.pop(key, None)

    async def keys(self) -> AsyncIterator[BlobKey]:
        for key in list(self._blobs):
            yield key
