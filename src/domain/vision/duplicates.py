"""Duplicate detection: equal bytes, and copies that were scaled, cropped or recompressed."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from domain.blobs import BlobKey
from domain.ids import ImageId, UserId
from domain.vision.dihedral import ORIENTATIONS, orient

MAX_DISTANCE = 10
"""Maximum number of the 64 bits in which the fingerprints of two copies differ."""

MAX_DUPLICATES = 20
"""Maximum number of duplicates stored for an image, the nearest first."""

_SIDE = 8

Fingerprint = int
"""A perceptual hash of 64 bits. It changes little when an image is scaled, compressed or slightly cropped."""


class DuplicateKind(StrEnum):
    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An older upload of the same image. `distance` is 0-10 bits, and 0 for equal bytes."""

    image_id: ImageId
    kind: DuplicateKind
    distance: int


def hamming_distance(one: Fingerprint, other: Fingerprint) -> int:
    """Return the number of differing bits."""
    return (one ^ other).bit_count()


def fingerprint_orientations(fingerprint: Fingerprint) -> tuple[Fingerprint, ...]:
    """Return the fingerprints of the image in its eight orientations, the given one first. Bits are signs, so only
    those of frequencies near zero differ from the fingerprints of the turned images."""
    # Bit h * 8 + v, and the frequencies begin with 0.
    rows = [[bool(fingerprint >> (h * _SIDE + v) & 1) for h in range(_SIDE)] for v in range(_SIDE)]
    return tuple(_fingerprint_of(orient(rows, to, lambda place: place % 2 == 1)) for to in ORIENTATIONS)


def _fingerprint_of(rows: list[list[bool]]) -> Fingerprint:
    return sum(1 << (h * _SIDE + v) for v, row in enumerate(rows) for h, bit in enumerate(row) if bit)


class Duplicates(Protocol):
    """The duplicates of a unit of work."""

    @abstractmethod
    async def find(self, owner_id: UserId, original: BlobKey, fingerprint: Fingerprint | None) -> tuple[Duplicate, ...]:
        """Return duplicates among all images that the owner may see, at most `MAX_DUPLICATES`: those with equal bytes,
        then those whose fingerprints differ by at most `MAX_DISTANCE` bits, by distance and then oldest first. The
        search is exhaustive. Without a fingerprint only equal bytes are found."""

    @abstractmethod
    async def save(self, image_id: ImageId, found: Sequence[Duplicate]) -> None:
        """Store the duplicates with the image. Readers show those that its owner may still see."""
