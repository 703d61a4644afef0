"""Content-addressed storage of bytes."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, Self

from domain.errors import DomainError, Unavailable

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


class StorageUnavailable(Unavailable):
    """The storage cannot be read or written now: it is full, read-only or unreachable. Nothing was acknowledged."""


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
    async def delete(self, key: BlobKey) -> None:
        """Delete the blob; idempotent. Only the sweep may call this, on keys that it has claimed."""

    @abstractmethod
    def keys(self) -> AsyncIterator[BlobKey]:
        """Yield every key, in no particular order. Unfinished writes are never listed."""
