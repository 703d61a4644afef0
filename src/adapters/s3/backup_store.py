"""Keeps backups in a folder of a bucket."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import obstore

from adapters.s3.blobs import S3BlobStore
from adapters.s3.bucket import Bucket, BucketAddress
from adapters.s3.errors import names_missing_bucket
from domain.backups import MANIFESTS, MARKER, BackupStore
from domain.blobs import BlobStore


class S3BackupStore(BackupStore):
    def __init__(self, address: BucketAddress) -> None:
        self._bucket = Bucket(address)
        blobs = replace(address, prefix="/".join(filter(None, (address.prefix, "blobs"))))
        self._blobs = S3BlobStore(Bucket(blobs))

    @property
    def where(self) -> str:
        return str(self._bucket.address)

    @property
    def blobs(self) -> BlobStore:
        return self._blobs

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        yield

    async def is_foreign(self) -> bool:
        if await self.read(MARKER) is not None:
            return False
        async with self._bucket.request() as store:
            async for objects in obstore.list(store, chunk_size=1):
                return bool(objects)
        return False

    async def read(self, name: str) -> bytes | None:
        async with self._bucket.request() as store:
            try:
                return bytes(await (await obstore.get_async(store, name)).bytes_async())
            except FileNotFoundError as fault:
                if names_missing_bucket(fault):
                    raise
                return None

    async def write(self, name: str, content: bytes) -> None:
        async with self._bucket.request() as store:
            await obstore.put_async(store, name, content)

    async def names(self) -> Sequence[str]:
        async with self._bucket.request() as store:
            found = await obstore.list(store, prefix=MANIFESTS).collect_async()
        return sorted(one["path"] for one in found if one["path"].endswith(".json"))
