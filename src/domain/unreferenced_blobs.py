"""Blobs that no row names any more."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from domain.blobs import BlobKey

UNPOSTED_RETENTION = timedelta(days=7)
"""How long an upload may stand in no post before it goes."""
UNREFERENCED_RETENTION = timedelta(hours=24)
"""How long a blob must have been without a name before it goes."""


class UnreferencedBlobs(Protocol):
    """The register of blobs without a row."""

    @abstractmethod
    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Of these stored keys, register those no row names (an earlier date stands) and strike those that one does."""

    @abstractmethod
    def claim_expired(self, before: datetime, limit: int) -> AbstractAsyncContextManager[Sequence[BlobKey]]:
        """Keys registered before then that still no row names. While the block runs no unit of work holds blobs;
        when it ends without an error they are struck from the register."""
