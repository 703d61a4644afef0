"""The contract of `BlobStore`."""

import asyncio
from abc import abstractmethod

import pytest

from domain.blobs import BlobKey, BlobMissing, BlobStore


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
