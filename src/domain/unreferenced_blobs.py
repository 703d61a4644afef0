"""Blobs that no row refers to."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from domain.blobs import BlobKey

UNREFERENCED_RETENTION = timedelta(hours=24)
"""How long a blob without a reference is kept."""


class UnreferencedBlobs(Protocol):
    """The register of unreferenced blobs."""

    @abstractmethod
    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Register those of the stored keys that no row refers to; an earlier date is kept. Remove the others from the
        register."""

    @abstractmethod
    def claim_expired(self, before: datetime, limit: int) -> AbstractAsyncContextManager[Sequence[BlobKey]]:
        """Return keys that were registered before then and are still unreferenced. While the block runs no unit of work
        holds the lock on blobs. If it ends without an error, the keys are removed from the register."""
