"""What every `BlobStore` promises."""

import asyncio
from abc import abstractmethod

import pytest

from domain.blobs import BlobKey, BlobMissing, BlobStore


class BlobStoreContract:
    @pytest.fixture
    @abstractmethod
    def blobs(self) -> BlobStore:
        """An empty store."""

    async def test_gives_back_what_was_put_under_the_hash_of_its_content(self, blobs: BlobStore) -> None:
        key = await blobs.put(b"light")
        assert key == BlobKey.of(b"light")
        assert await blobs.get(key) == b"light"

    async def test_equal_bytes_are_one_blob(self, blobs: BlobStore) -> None:
        keys = await asyncio.gather(*(blobs.put(b"twice") for _ in range(8)))
        assert set(keys) == {BlobKey.of(b"twice")}
        assert [key async for key in blobs.keys()] == [BlobKey.of(b"twice")]

    async def test_lists_every_key(self, blobs: BlobStore) -> None:
        put = {await blobs.put(bytes([n])) for n in range(20)}
        assert {key async for key in blobs.keys()} == put

    async def test_an_empty_blob_is_a_blob(self, blobs: BlobStore) -> None:
        assert await blobs.get(await blobs.put(b"")) == b""

    async def test_deleting_forgets_and_may_be_repeated(self, blobs: BlobStore) -> None:
        key = await blobs.put(b"gone")
        await blobs.delete(key)
        await blobs.delete(key)
        assert [key async for key in blobs.keys()] == []
        with pytest.raises(BlobMissing):
            await blobs.get(key)

    async def test_an_absent_blob_is_named_as_missing(self, blobs: BlobStore) -> None:
        with pytest.raises(BlobMissing, match=BlobKey.of(b"never").value):
            await blobs.get(BlobKey.of(b"never"))
