"""Blobs that no row refers to."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol

from domain.blobs import BlobKey, StorageUnavailable

UNREFERENCED_RETENTION = timedelta(hours=24)
"""How long a blob without a reference is kept."""
RESERVATION = timedelta(hours=1)
"""How long after a reservation a row may begin to refer to the blob. The rest of `UNREFERENCED_RETENTION` is a margin
for clocks that differ."""


def require_reservation(reserved_at: datetime, now: datetime) -> None:
    """Raise `StorageUnavailable` unless blobs that were reserved then are still safe from the sweep."""
    if now - reserved_at > RESERVATION:
        minutes = RESERVATION // timedelta(minutes=1)
        raise StorageUnavailable(f"storing the image took longer than {minutes} minutes; upload it again")


class UnreferencedBlobs(Protocol):
    """The register of unreferenced blobs."""

    @abstractmethod
    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Register those of the stored keys that no row refers to; an earlier date is kept. Remove the others from the
        register."""

    @abstractmethod
    def claim_expired(self, before: datetime, limit: int) -> AbstractAsyncContextManager[Sequence[BlobKey]]:
        """Return keys that were registered before then and are still unreferenced. While the block runs, none of them
        can be reserved or claimed again. If it ends without an error, the keys are removed from the register."""

    @abstractmethod
    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Register keys that a row will refer to within `RESERVATION`, whether their blobs exist or not; a later date
        replaces an earlier one. Call this before the blobs are stored: the sweep then keeps them. Waits for a sweep
        that is deleting one of them."""
