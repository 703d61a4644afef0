"""How the bytes of images leave: in chunks, or by a link to an object store."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from httpx import AsyncClient

from adapters.memory.blobs import MemoryBlobStore
from container import Container
from domain.blobs import CHUNK_BYTES, BlobContent, BlobKey, StorageUnavailable
from tests.containers import memory_container
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor

ORIGIN = "https://s3.example.org"
SIZE = 3 * CHUNK_BYTES + 1


class LinkingBlobStore(MemoryBlobStore):
    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:
        return f"{ORIGIN}/{key}?seconds={lifetime.total_seconds():g}"


class LargeBlobStore(MemoryBlobStore):
    """All its blobs are large."""

    async def open(self, key: BlobKey) -> BlobContent:
        await super().open(key)
        return BlobContent(SIZE, self._chunks())

    async def _chunks(self) -> AsyncIterator[bytes]:
        for start in range(0, SIZE, CHUNK_BYTES):
            yield b"x" * min(CHUNK_BYTES, SIZE - start)


class UnpluggedBlobStore(MemoryBlobStore):
    async def open(self, key: BlobKey) -> BlobContent:
        raise StorageUnavailable("image storage is unavailable", retry_after=30, operator_detail="s3://images")


class TestLinks:
    @pytest.fixture
    def container(self) -> Container:
        return memory_container(blobs=LinkingBlobStore(), config={"image_origin": ORIGIN})

    async def test_posted_image_is_redirected_to_short_link(self, client: AsyncClient) -> None:
        ada = await new_visitor(client, "ada")
        image = (await ada.post())["images"][0]

        answer = await Visitor(client).get(f"/images/{image['id']}/file", size="thumb")

        assert answer.status_code == 307
        assert answer.headers["location"].startswith(ORIGIN)
        assert answer.headers["location"].endswith("seconds=300")
        assert answer.headers["cache-control"] == "public, max-age=60"
        assert "etag" not in answer.headers

    async def test_pages_may_show_images_of_the_bucket(self, client: AsyncClient) -> None:
        page = await client.get("/")

        assert f"img-src 'self' data: blob: {ORIGIN};" in page.headers["content-security-policy"]

    async def test_nobody_gets_link_to_hidden_image(self, client: AsyncClient) -> None:
        ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
        image = await ada.upload()

        expect_problem(await bob.get(f"/images/{image['id']}/file", size="thumb"), 404, "not_found")
        own = await ada.get(f"/images/{image['id']}/file", size="thumb")
        assert (own.status_code, own.headers["cache-control"]) == (307, "no-store")


class TestLargeFiles:
    @pytest.fixture
    def container(self) -> Container:
        return memory_container(blobs=LargeBlobStore())

    async def test_large_file_is_streamed_with_its_length(self, client: AsyncClient) -> None:
        ada = await new_visitor(client, "ada")
        image = (await ada.post())["images"][0]

        answer = await ada.get(f"/images/{image['id']}/file", size="large")

        assert (answer.status_code, len(answer.content)) == (200, SIZE)
        assert answer.headers["content-length"] == str(SIZE)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.headers["etag"]


class TestUnavailableStorage:
    @pytest.fixture
    def container(self) -> Container:
        return memory_container(blobs=UnpluggedBlobStore())

    async def test_unavailable_storage_is_503_without_its_address(self, client: AsyncClient) -> None:
        ada = await new_visitor(client, "ada")
        image = (await ada.post())["images"][0]

        answer = await ada.get(f"/images/{image['id']}/file", size="large")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert "s3://" not in answer.text
