"""The contract of `BlobStore`."""

import asyncio
from abc import abstractmethod

import pytest

from adapters.memory.blobs import MemoryBlobStore
from domain.blobs import CHUNK_BYTES, BlobContent, BlobDamaged, BlobKey, BlobMissing, BlobStore

LARGE = bytes(range(256)) * (36 * 1024)
"""9 MiB: several chunks, and several parts of an upload to an object store."""


async def content_of(data: bytes) -> BlobContent:
    """Content that comes from another store."""
    source = MemoryBlobStore()
    return await source.open(await source.put(data))


class BlobStoreContract:
    @pytest.fixture
    @abstractmethod
    def blobs(self) -> BlobStore:
        """An empty store."""

    async def test_key_is_content_hash(self, blobs: BlobStore) -> None:
        key = await blobs.put(b"light")
        assert key == BlobKey.of(b"light")
        assert await blobs.get(key) == b"light"

    async def test_key_is_known_before_content_is_stored(self, blobs: BlobStore) -> None:
        assert await blobs.key_of(b"light") == BlobKey.of(b"light")
        assert [key async for key in blobs.keys()] == []

    async def test_equal_content_is_stored_once(self, blobs: BlobStore) -> None:
        keys = await asyncio.gather(*(blobs.put(b"twice") for _ in range(8)))
        assert set(keys) == {BlobKey.of(b"twice")}
        assert [key async for key in blobs.keys()] == [BlobKey.of(b"twice")]

    async def test_keys_lists_all_blobs(self, blobs: BlobStore) -> None:
        put = {await blobs.put(bytes([n])) for n in range(20)}
        assert {key async for key in blobs.keys()} == put

    async def test_empty_blob_is_stored(self, blobs: BlobStore) -> None:
        assert await blobs.get(await blobs.put(b"")) == b""

    async def test_delete_is_idempotent(self, blobs: BlobStore) -> None:
        key = await blobs.put(b"gone")
        await blobs.delete(key)
        await blobs.delete(key)
        assert [key async for key in blobs.keys()] == []
        with pytest.raises(BlobMissing):
            await blobs.get(key)

    async def test_missing_blob_error_names_key(self, blobs: BlobStore) -> None:
        with pytest.raises(BlobMissing, match=BlobKey.of(b"never").value):
            await blobs.get(BlobKey.of(b"never"))

    @pytest.mark.parametrize("data", [b"", b"light", LARGE], ids=["empty", "small", "large"])
    async def test_content_is_read_in_chunks(self, blobs: BlobStore, data: bytes) -> None:
        content = await blobs.open(await blobs.put(data))

        chunks = [chunk async for chunk in content.chunks]

        assert content.size == len(data)
        assert b"".join(chunks) == data
        assert max(map(len, chunks), default=0) <= CHUNK_BYTES

    async def test_missing_content_is_reported_before_first_chunk(self, blobs: BlobStore) -> None:
        with pytest.raises(BlobMissing, match=BlobKey.of(b"never").value):
            await blobs.open(BlobKey.of(b"never"))

    @pytest.mark.parametrize("data", [b"", b"light", LARGE], ids=["empty", "small", "large"])
    async def test_content_of_another_store_is_stored(self, blobs: BlobStore, data: bytes) -> None:
        await blobs.store(BlobKey.of(data), await content_of(data))

        assert await blobs.get(BlobKey.of(data)) == data

    @pytest.mark.parametrize("data", [b"light", LARGE], ids=["small", "large"])
    async def test_damaged_content_is_refused_and_replaces_nothing(self, blobs: BlobStore, data: bytes) -> None:
        key = await blobs.put(data)

        with pytest.raises(BlobDamaged, match=key.value):
            await blobs.store(key, await content_of(data[:-1] + b"?"))
        with pytest.raises(BlobDamaged):
            await blobs.store(BlobKey.of(b"new"), await content_of(data))

        assert await blobs.get(key) == data
        assert [key async for key in blobs.keys()] == [key]
