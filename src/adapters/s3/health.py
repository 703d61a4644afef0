"""Checks that the bucket can be used, by writing, reading and deleting an object."""

import asyncio
from uuid import uuid4

import obstore

from adapters.s3.bucket import Bucket
from domain.blobs import StorageUnavailable
from domain.errors import DomainError
from domain.health import Health, Probe

PART = "storage"
TIMEOUT = 3.0
"""Seconds within which a working bucket responds."""


class S3Probe(Probe):
    """`bucket` should not repeat requests, so that the reason of a failure is known in time."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def check(self) -> Health:
        where = str(self._bucket.address)
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._try()
        except TimeoutError:
            detail = f"{where}: no answer within {TIMEOUT:g} seconds"
            remedy = "check TINTYPE_S3_ENDPOINT, the credentials (AWS_ACCESS_KEY_ID, …) and the network"
            return Health(PART, ok=False, detail=detail, remedy=remedy)
        except DomainError as fault:
            return Health(PART, ok=False, detail=fault.operator_message, remedy="solve this problem, then try again")
        return Health(PART, ok=True, detail=where)

    async def _try(self) -> None:
        path = f".probe/{uuid4().hex}"
        async with self._bucket.request() as store:
            await obstore.put_async(store, path, path.encode())
            content = bytes(await (await obstore.get_async(store, path)).bytes_async())
            await obstore.delete_async(store, path)
        if content != path.encode():
            detail = f"{self._bucket.address}: the bytes read differ from those written"
            raise StorageUnavailable("image storage is unavailable", operator_detail=detail)
