"""The blocklist: hashes of known images that nobody may see."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.blobs import BlobKey
from domain.effects import MAX_REASON
from domain.errors import FieldError, Invalid, NotFound
from domain.ids import EntryId, ImageId
from domain.pages import Page, PageRequest
from domain.text import text_error
from domain.vision.duplicates import MAX_DISTANCE, Fingerprint, fingerprint_orientations, hamming_distance
from domain.vision.pdq import MAX_PDQ_DISTANCE, Pdq, pdq_distance

MAX_SOURCE = 100


class HashKind(StrEnum):
    """`SHA256` finds equal bytes. `PERCEPTUAL`, this service's own, and `PDQ` also find scaled and compressed copies,
    in all eight orientations."""

    SHA256 = "sha256"
    PERCEPTUAL = "perceptual"
    PDQ = "pdq"

    @property
    def digits(self) -> int:
        """Return the number of hexadecimal digits of such a hash."""
        return 16 if self is HashKind.PERCEPTUAL else 64


@dataclass(frozen=True, slots=True)
class NewEntry:
    """Validated input for an entry. Raises `Invalid` with every error at once."""

    kind: HashKind
    value: str
    reason: str
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", self.value.strip().lower())
        faults = (
            _value_error(self.kind, self.value),
            text_error("reason", self.reason, min_length=1, max_length=MAX_REASON),
            text_error("source", self.source, max_length=MAX_SOURCE),
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


def _value_error(kind: HashKind, value: str) -> FieldError | None:
    if len(value) == kind.digits and not set(value) - set("0123456789abcdef"):
        return None
    detail = f"is no {kind} hash; send {kind.digits} hexadecimal digits"
    return FieldError("value", "bad_format", detail, kind.digits, len(value))


@dataclass(frozen=True, slots=True)
class Entry:
    """A hash of the blocklist. `value` is hexadecimal. `added_by` is the name of a moderator. `applied` states whether
    the stored images were compared with it."""

    id: EntryId
    kind: HashKind
    value: str
    reason: str
    source: str
    added_by: str
    added_at: datetime
    applied: bool = False


@dataclass(frozen=True, slots=True)
class ImageHashes:
    """The hashes of an upload: of its bytes, with and without those after the end of the image, and of its pixels.
    `pdqs` are those of the eight orientations, the first that of the image; empty for an image with hardly any
    features, and None while they are not computed."""

    sha256: tuple[BlobKey, ...]
    fingerprint: Fingerprint | None
    pdqs: tuple[Pdq, ...] | None

    @property
    def pdq(self) -> Pdq | None:
        return self.pdqs[0] if self.pdqs else None

    def only(self, kinds: Collection[HashKind]) -> "ImageHashes":
        """Return the hashes without those that no entry of these kinds can match."""
        return ImageHashes(
            self.sha256 if HashKind.SHA256 in kinds else (),
            self.fingerprint if HashKind.PERCEPTUAL in kinds else None,
            self.pdqs if HashKind.PDQ in kinds else None,
        )

    def entries(self, reason: str, source: str) -> Sequence[NewEntry]:
        """Return entries that block the image."""
        values = [(HashKind.SHA256, key.value) for key in self.sha256]
        if self.fingerprint is not None:
            values.append((HashKind.PERCEPTUAL, f"{self.fingerprint:016x}"))
        if self.pdq is not None:
            values.append((HashKind.PDQ, f"{self.pdq:064x}"))
        return [NewEntry(kind, value, reason, source) for kind, value in values]


@dataclass(frozen=True, slots=True)
class Match:
    """Why an image is held back. `distance` is the number of differing bits. `entry_id` is None for the list of another
    service."""

    kind: HashKind
    distance: int
    reason: str
    source: str
    entry_id: EntryId | None = None


def match_of(entry: Entry, distance: int) -> Match:
    return Match(entry.kind, distance, entry.reason, entry.source, entry.id)


def distance_to(entry: Entry, hashes: ImageHashes) -> int | None:
    """Return in how many bits an image differs from an entry, in the nearest orientation; None if it does not match.

    SQL: `FIND_MATCH` and `FIND_IMAGES` in `adapters/postgres/blocklist.py`.
    """
    number = int(entry.value, 16)
    if entry.kind is HashKind.SHA256:
        return 0 if any(key.value == entry.value for key in hashes.sha256) else None
    if entry.kind is HashKind.PERCEPTUAL:
        if hashes.fingerprint is None:
            return None
        nearest = min(hamming_distance(number, turned) for turned in fingerprint_orientations(hashes.fingerprint))
        return nearest if nearest <= MAX_DISTANCE else None
    nearest = min((pdq_distance(Pdq(number), turned) for turned in hashes.pdqs or ()), default=MAX_PDQ_DISTANCE + 1)
    return nearest if nearest <= MAX_PDQ_DISTANCE else None


class EntryNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("there is no such entry of the blocklist; it may have been deleted")


class Blocklist(Protocol):
    """The blocklist of a unit of work, and the hashes of stored images that are compared with it."""

    @abstractmethod
    async def add(self, entries: Sequence[Entry]) -> int:
        """Store entries, except hashes that are in the list already. Return the number stored."""

    @abstractmethod
    async def delete(self, entry_id: EntryId) -> Entry | None:
        """Delete an entry and return it; None when absent."""

    @abstractmethod
    async def kinds(self) -> frozenset[HashKind]:
        """Return the kinds of hashes of which the list has entries."""

    @abstractmethod
    async def find_match(self, hashes: ImageHashes) -> Match | None:
        """Return the entry that the image matches with the fewest differing bits, the oldest of equal ones, or None."""

    @abstractmethod
    async def save_pdq(self, image_id: ImageId, pdq: Pdq | None) -> None:
        """Store the PDQ hash of an image; None states that it has none."""

    @abstractmethod
    async def find_unhashed(self, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, BlobKey]]:
        """Return images whose PDQ hash was never stored, with their medium renditions, by id, from those after
        `after`."""

    @abstractmethod
    async def hashes_of(self, image_id: ImageId) -> ImageHashes | None:
        """Return the stored hashes of an image; None when absent."""

    @abstractmethod
    async def find_unapplied(self, limit: int) -> Sequence[Entry]:
        """Return entries that were not compared with the stored images, the oldest first."""

    @abstractmethod
    async def find_images(self, entry: Entry, after: ImageId | None, limit: int) -> Sequence[tuple[ImageId, int]]:
        """Return stored images that match the entry with their distances, by id, from those after `after`."""

    @abstractmethod
    async def mark_applied(self, entry_id: EntryId) -> None:
        """Store that the stored images were compared with the entry."""

    @abstractmethod
    async def begin_upload(self) -> None:
        """Announce that a new image is looked up and stored in this unit of work. Call this before the lookup."""

    @abstractmethod
    async def await_uploads(self) -> None:
        """Wait for the end of all units of work that began an upload before. Later ones find all entries that are
        committed now. So an image is either stored now, or compared with these entries when it is uploaded."""


class BlocklistReader(Protocol):
    """Reads the blocklist. Reads run outside any unit of work."""

    @abstractmethod
    async def entries(self, page: PageRequest) -> Page[Entry]:
        """Return all entries, newest first."""
