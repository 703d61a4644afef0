"""A bucket: its address, and bounded requests to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from obstore.store import S3Store

from adapters.s3.errors import translate_errors
from domain.errors import Unavailable

CONCURRENT = 16
"""Requests of one process at a time."""
WAITING = 256
"""Requests that wait for these."""
RETRIES = 3
CONNECT_TIMEOUT = timedelta(seconds=5)
READ_TIMEOUT = timedelta(seconds=30)
"""Between two packets: a whole request may take longer, since a client may read an image slowly."""


@dataclass(frozen=True, slots=True)
class BucketAddress:
    """`prefix` is a folder in the bucket. Empty values are those of the environment (`AWS_REGION`) and of Amazon."""

    bucket: str
    endpoint: str = ""
    region: str = ""
    prefix: str = ""

    def __str__(self) -> str:
        at = f" at {self.endpoint}" if self.endpoint else ""
        return f"s3://{'/'.join(filter(None, (self.bucket, self.prefix)))}{at}"


class Bucket:
    """Requests to one bucket. obstore reads the credentials from the environment or from the machine's role."""

    def __init__(self, address: BucketAddress, retries: int = RETRIES) -> None:
        self.address = address
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._open = 0
        given = {"endpoint": address.endpoint, "region": address.region}
        config: Any = {name: value for name, value in given.items() if value}
        self._store = S3Store(
            address.bucket,
            prefix=address.prefix or None,
            config=config,
            client_options={
                "allow_http": address.endpoint.startswith("http://"),
                "connect_timeout": CONNECT_TIMEOUT,
                "read_timeout": READ_TIMEOUT,
                "timeout": timedelta(hours=1),
            },
            retry_config={
                "max_retries": retries,
                "backoff": {
                    "init_backoff": timedelta(milliseconds=100),
                    "max_backoff": timedelta(seconds=2),
                    "base": 2,
                },
                "retry_timeout": timedelta(seconds=20),
            },
        )

    @asynccontextmanager
    async def request(self) -> AsyncIterator[S3Store]:
        """Wait for a slot, and translate errors. Raises `Unavailable` at once if too many requests wait."""
        if self._open >= CONCURRENT + WAITING:
            raise Unavailable(f"the storage queue is full ({self._open} requests); retry in 1 s")
        self._open += 1
        try:
            async with self._slots:
                with translate_errors(str(self.address)):
                    yield self._store
        finally:
            self._open -= 1
