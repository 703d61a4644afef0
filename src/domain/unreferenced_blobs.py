"""Blobs that no row refers to."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol, Self
from uuid import UUID

from domain.blobs import BlobKey, StorageUnavailable

UNREFERENCED_RETENTION = timedelta(hours=24)
"""How long a blob without a reference is kept."""
RESERVATION = timedelta(hours=1)
"""How long after a reservation a row may begin to refer to the blob. The rest of `UNREFERENCED_RETENTION` is a margin
for clocks that differ."""
CLAIM = timedelta(minutes=15)
"""How long a claimed blob cannot be reserved if the outcome of its deletion is unknown: a request to an object store
may still be executed after it was given up."""
BEGIN_WITHIN = timedelta(minutes=5)
"""How long after the claim a deletion may begin."""


def require_reservation(reserved_at: datetime, now: datetime) -> None:
    """Raise `StorageUnavailable` unless blobs that were reserved then are still safe from the sweep."""
    if now - reserved_at > RESERVATION:
        minutes = RESERVATION // timedelta(minutes=1)
        raise StorageUnavailable(f"storing the image took longer than {minutes} minutes; upload it again")


@dataclass(frozen=True, slots=True)
class Registration:
    """The entry of a blob in the register."""

    registered_at: datetime
    claimed_until: datetime | None = None

    def is_claimed(self, now: datetime) -> bool:
        """`CLAIM` and `RESERVE` in `adapters/postgres/unreferenced_blobs.py` are the same in SQL."""
        return self.claimed_until is not None and self.claimed_until > now

    def is_expired(self, now: datetime) -> bool:
        """`CLAIM` in `adapters/postgres/unreferenced_blobs.py` is the same in SQL."""
        return self.registered_at < now - UNREFERENCED_RETENTION

    def reserve(self, now: datetime) -> Self:
        """Return the entry of a blob that is not claimed, after its reservation."""
        return replace(self, registered_at=max(self.registered_at, now), claimed_until=None)


@dataclass(frozen=True, slots=True)
class Claim:
    """Blobs that one sweep may delete."""

    keys: tuple[BlobKey, ...]
    until: datetime

    def permits(self, now: datetime) -> bool:
        """Whether a deletion may still begin."""
        return now <= self.until - CLAIM + BEGIN_WITHIN


class UnreferencedBlobs(Protocol):
    """The register of unreferenced blobs."""

    @abstractmethod
    async def register(self, keys: Sequence[BlobKey], now: datetime) -> None:
        """Register those of the stored keys that no row refers to; an earlier date is kept. Remove the others from the
        register."""

    @abstractmethod
    async def claim_expired(self, now: datetime, limit: int) -> Claim:
        """Claim blobs that were registered before `UNREFERENCED_RETENTION` and are still unreferenced. Until they are
        removed or released, or `CLAIM` has passed, none of them can be reserved or claimed again. Claims nothing while
        deletion is paused."""

    @abstractmethod
    async def remove(self, claim: Claim, key: BlobKey) -> None:
        """Remove a claimed key, whose blob is deleted, from the register."""

    @abstractmethod
    async def release(self, claim: Claim, keys: Collection[BlobKey]) -> None:
        """End the claim of these keys, whose deletion has not begun. They stay registered."""

    @abstractmethod
    async def reserve(self, keys: Sequence[BlobKey], now: datetime) -> bool:
        """Register keys that a row will refer to within `RESERVATION`, whether their blobs exist or not; a later date
        replaces an earlier one. Call this before the blobs are stored: the sweep then keeps them. False: one of them is
        claimed, so that its blob must not be stored yet."""

    @abstractmethod
    async def pause(self, pause: UUID, until: datetime) -> None:
        """Pause deletion until then. Repeated with the same id, it changes the end of this pause."""

    @abstractmethod
    async def resume(self, pause: UUID) -> None:
        """End a pause. Other pauses continue."""
