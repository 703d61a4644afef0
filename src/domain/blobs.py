"""Bytes, kept under the name of their content."""

import hashlib
import re
from abc import abstractmethod
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol, Self

from domain.errors import DomainError, Unavailable


@dataclass(frozen=True, slots=True)
class BlobKey:
    """The lower-case hexadecimal SHA-256 of a blob's bytes."""

    value: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{64}", self.value):
            raise ValueError(f"{self.value!r} is not a SHA-256 in lower-case hexadecimal")

    @classmethod
    def of(cls, data: bytes) -> Self:
        return cls(hashlib.sha256(data).hexdigest())

    def __str__(self) -> str:
        return self.value


class BlobMissing(DomainError):
    """A row names bytes that are not there: damage, never a normal answer."""

    code = "blob_missing"


class StorageUnavailable(Unavailable):
    """The storage cannot take or give bytes now (full, read-only, unreachable); nothing was acknowledged."""


class BlobStore(Protocol):
    """Content-addressed and shared: two equal uploads are one blob, so nothing is deleted because one row went."""

    @abstractmethod
    async def put(self, data: bytes) -> BlobKey:
        """Keep `data` so that it survives a power cut, then return its key. Idempotent. Raises `StorageUnavailable`,
        also where too little space would be left."""

    @abstractmethod
    async def get(self, key: BlobKey) -> bytes:
        """The bytes under `key`. Raises `BlobMissing` when absent, `StorageUnavailable` when they cannot be read."""

    @abstractmethod
    async def delete(self, key: BlobKey) -> None:
        """Forget `key`; idempotent. Only the sweep may call it, under the lock that uploads share."""

    @abstractmethod
    def keys(self) -> AsyncIterator[BlobKey]:
        """Every key, in no order. Unfinished writes never show."""
