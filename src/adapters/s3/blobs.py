"""Stores blobs as objects: `ab/cd/<sha256>`, as in a folder."""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta

import obstore

from adapters.s3.bucket import Bucket
from adapters.s3.errors import names_missing_bucket, translate_errors
from adapters.system.executor import BoundedExecutor
from domain.blobs import CHUNK_BYTES, BlobContent, BlobKey, BlobMissing, BlobStore, check_content

PART_BYTES = 8 * 1024 * 1024
"""Larger blobs are sent in parts of this size. S3 accepts 10,000 parts."""
PARTS_AT_ONCE = 4
_PATH = re.compile(r"([0-9a-f]{2})/([0-9a-f]{2})/(\1\2[0-9a-f]{60})")
_IMAGE_TYPES = {b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
"""The types of renditions, by their first bytes. Browsers that follow a link need them."""
_BINARY = "application/octet-stream"


class S3BlobStore(BlobStore):
    """S3 answers a write when it is durable. An object is complete or missing, also while it is replaced."""

    def __init__(self, bucket: Bucket, *, links: bool = False) -> None:
        self._bucket = bucket
        self._links = links
        self._executor = BoundedExecutor("storage", threads=2, waiting=256)

    async def key_of(self, data: bytes) -> BlobKey:
        return await self._executor.run(BlobKey.of, data)

    async def put(self, data: bytes) -> BlobKey:
        key = await self.key_of(data)
        await self._send(key, data, _type_of(data))
        return key

    async def get(self, key: BlobKey) -> bytes:
        async with self._bucket.request() as store:
            with self._translate_missing(key):
                return bytes(await (await obstore.get_async(store, _path(key))).bytes_async())

    async def open(self, key: BlobKey) -> BlobContent:
        async with self._bucket.request() as store:
            with self._translate_missing(key):
                result = await obstore.get_async(store, _path(key))
        return BlobContent(result.meta["size"], self._chunks(key, result))

    async def store(self, key: BlobKey, content: BlobContent) -> None:
        chunks = check_content(key, content)
        if content.size <= PART_BYTES:
            data = b"".join([chunk async for chunk in chunks])
            await self._send(key, data, _type_of(data))
        else:
            await self._send(key, chunks, _BINARY)

    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:
        if not self._links:
            return None
        async with self._bucket.request() as store:
            return await obstore.sign_async(store, "GET", _path(key), lifetime)

    async def delete(self, key: BlobKey) -> None:
        async with self._bucket.request() as store:
            await obstore.delete_async(store, _path(key))

    async def keys(self) -> AsyncIterator[BlobKey]:
        async with self._bucket.request() as store:
            listing = obstore.list(store, chunk_size=1000)
        with translate_errors(str(self._bucket.address)):
            async for objects in listing:
                for found in objects:
                    if path := _PATH.fullmatch(found["path"]):
                        yield BlobKey(path[3])

    async def _send(self, key: BlobKey, content: bytes | AsyncIterator[bytes], content_type: str) -> None:
        async with self._bucket.request() as store:
            await obstore.put_async(
                store,
                _path(key),
                content,
                attributes={"Content-Type": content_type},
                chunk_size=PART_BYTES,
                max_concurrency=PARTS_AT_ONCE,
            )

    async def _chunks(self, key: BlobKey, result: "obstore.GetResult") -> AsyncIterator[bytes]:
        with translate_errors(str(self._bucket.address)), self._translate_missing(key):
            async for buffer in result.stream(min_chunk_size=CHUNK_BYTES):
                chunk = memoryview(buffer)
                for start in range(0, len(chunk), CHUNK_BYTES):
                    yield bytes(chunk[start : start + CHUNK_BYTES])

    @contextmanager
    def _translate_missing(self, key: BlobKey) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError as fault:
            if names_missing_bucket(fault):
                raise
            raise BlobMissing(
                f"the blob {key} is not in {self._bucket.address}; restore it from a backup", key=str(key)
            ) from None


def _path(key: BlobKey) -> str:
    return f"{key.value[:2]}/{key.value[2:4]}/{key.value}"


def _type_of(data: bytes) -> str:
    return next((kind for start, kind in _IMAGE_TYPES.items() if data.startswith(start)), _BINARY)
