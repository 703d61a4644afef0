"""Content-addressed storage of bytes."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, Self

from domain.errors import DomainError, Unavailable

CHUNK_BYTES = 256 * 1024
"""The most bytes of a chunk that a store yields."""
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BlobKey:
    """The lower-case hexadecimal SHA-256 of a blob's bytes."""

    value: str

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.value):
            raise ValueError(f"{self.value!r} is not a SHA-256 in lower-case hexadecimal")

    @classmethod
    def of(cls, data: bytes) -> Self:
        return cls(hashlib.sha256(data).hexdigest())

    def __str__(self) -> str:
        return self.value


class BlobMissing(DomainError):
    """A row names a blob that the store does not have. This is data damage, never a normal result."""

    code = "blob_missing"


class BlobDamaged(DomainError):
    """The bytes of a blob are not those that its key names."""

    code = "blob_damaged"


class StorageUnavailable(Unavailable):
    """The storage cannot be read or written now: it is full, read-only or unreachable. Nothing was acknowledged."""


@dataclass(frozen=True, slots=True)
class BlobContent:
    """The bytes of a blob, in chunks, so that a large one is never in memory as a whole."""

    size: int
    chunks: AsyncIterator[bytes]

    @classmethod
    def of(cls, data: bytes) -> Self:
        return cls(len(data), _single_chunk(data))

    async def read(self) -> bytes:
        """Return all bytes. For content that is known to be small."""
        return b"".join([chunk async for chunk in self.chunks])


async def _single_chunk(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def check_content(key: BlobKey, content: BlobContent) -> AsyncIterator[bytes]:
    """Yield the chunks. Raises `BlobDamaged` after the last one if they are not the bytes of `key`."""
    digest = hashlib.sha256()
    async for chunk in content.chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != key.value:
        raise BlobDamaged(f"the bytes of {key} are damaged: they have another SHA-256", key=str(key))


class BlobStore(Protocol):
    """A content-addressed store. Equal uploads share one blob, so deleting a row never deletes its blob."""

    @abstractmethod
    async def key_of(self, data: bytes) -> BlobKey:
        """Return the key under which `put` stores `data`, and store nothing."""

    @abstractmethod
    async def put(self, data: bytes) -> BlobKey:
        """Store `data` durably (it survives a power failure) and return its key. Idempotent. Raises
        `StorageUnavailable`, also when too little disk space would remain."""

    @abstractmethod
    async def get(self, key: BlobKey) -> bytes:
        """Return the bytes of `key`. Raises `BlobMissing` when absent, `StorageUnavailable` when they cannot be
        read."""

    @abstractmethod
    async def open(self, key: BlobKey) -> BlobContent:
        """Return the bytes of `key` in chunks of at most `CHUNK_BYTES`. Raises the errors of `get`; reading the chunks
        raises them too."""

    @abstractmethod
    async def store(self, key: BlobKey, content: BlobContent) -> None:
        """Store the bytes of `key` durably, from another store, and replace those that are there. Stores nothing and
        raises `BlobDamaged` if they are not the bytes of `key`. Raises the errors of `put`."""

    @abstractmethod
    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:
        """Return an address where everybody can read the blob for that time. None: the service sends the bytes."""

    @abstractmethod
    async def delete(self, key: BlobKey) -> None:
        """Delete the blob; idempotent. Only the sweep may call this, on keys that it has claimed."""

    @abstractmethod
    def keys(self) -> AsyncIterator[BlobKey]:
        """Yield every key, in no particular order. Unfinished writes are never listed."""
