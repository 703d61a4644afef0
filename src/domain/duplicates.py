"""The same picture twice: byte for byte, or after somebody has saved it smaller, trimmed or compressed it again."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.blobs import BlobKey
from domain.ids import ImageId, UserId

MAX_DISTANCE = 10
"""Bits of 64 by which the fingerprints of one picture's copies may differ."""

MAX_DUPLICATES = 20
"""At most this many are remembered of a picture, the nearest first."""

Fingerprint = int
"""64 bits that hardly change when a picture is scaled, compressed or cut a little: a perceptual hash."""


class DuplicateKind(StrEnum):
    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An older upload of the same picture; `distance` is in bits, 0-10, and 0 for the very same bytes."""

    image_id: ImageId
    kind: DuplicateKind
    distance: int


def hamming_distance(one: Fingerprint, other: Fingerprint) -> int:
    """How many bits differ."""
    return (one ^ other).bit_count()


class Duplicates(Protocol):
    """The duplicates of a unit of work."""

    @abstractmethod
    async def find(self, owner_id: UserId, original: BlobKey, fingerprint: Fingerprint | None) -> tuple[Duplicate, ...]:
        """Among all pictures that this person may see: those of the same bytes, and those whose fingerprint differs by
        at most `NEAR` bits (none is left out); exact ones first, then by distance, then the oldest, `MAX_DUPLICATES`
        at most. Without a fingerprint only exact ones are found."""

    @abstractmethod
    async def save(self, image_id: ImageId, found: Sequence[Duplicate]) -> None:
        """Remember them with the image. Readers show those of them that its owner may still see."""
