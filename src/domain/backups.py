"""Backups: a dump of the database, and the blobs that its rows refer to."""

import json
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self
from uuid import UUID

from domain.blobs import BlobKey, BlobStore
from domain.errors import Conflict, Invalid, NotFound
from domain.json_input import parse_json

MARKER = "tintype-backup.json"
MANIFESTS = "manifests/"
_FORMAT = 1


class BackupNotFound(NotFound):
    """There is no such backup."""


class BackupRefused(Conflict):
    """A backup belongs to another installation, or an installation is not empty."""

    code = "backup_refused"


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup. `dump` is kept among the blobs, so its checksum is its key."""

    installation: UUID
    created_at: datetime
    migration: str
    dump: BlobKey

    @property
    def name(self) -> str:
        """The name by which an operator chooses it. Names have the order of their times."""
        return f"{self.created_at:%Y-%m-%dT%H-%M-%S}Z"

    def encode(self) -> bytes:
        fields = {
            "format": _FORMAT,
            "installation": str(self.installation),
            "created_at": self.created_at.isoformat(),
            "migration": self.migration,
            "dump": self.dump.value,
        }
        return json.dumps(fields, indent=2).encode()

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Raises `Invalid` for what is no manifest."""
        try:
            fields = parse_json(text)
            if fields["format"] != _FORMAT:
                raise Invalid(
                    f"the backup has the format {fields['format']!r}; this version of Tintype reads {_FORMAT}"
                )
            return cls(
                UUID(fields["installation"]),
                datetime.fromisoformat(fields["created_at"]),
                str(fields["migration"]),
                BlobKey(fields["dump"]),
            )
        except (ValueError, LookupError, TypeError, AttributeError) as fault:
            raise Invalid(f"the backup has a damaged manifest ({fault}); use another one with --at") from fault


def encode_marker(installation: UUID) -> bytes:
    return json.dumps({"format": _FORMAT, "installation": str(installation)}).encode()


def require_same_installation(marker: bytes, installation: UUID, where: str) -> None:
    """Raise `BackupRefused` if the marker is that of another installation."""
    try:
        owner = UUID(parse_json(marker)["installation"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise BackupRefused(f"{where} has a damaged {MARKER}; use another destination") from None
    if owner != installation:
        raise BackupRefused(f"{where} has the backups of another installation; use another destination")


class BackupStore(Protocol):
    """A folder, a file or a bucket that has the backups of one installation."""

    @property
    @abstractmethod
    def where(self) -> str:
        """The place as the operator names it."""

    @property
    @abstractmethod
    def blobs(self) -> BlobStore:
        """The blobs and dumps of all backups."""

    @abstractmethod
    def writing(self) -> AbstractAsyncContextManager[None]:
        """Everything is written within this block, and is durable at its end. Raises `StorageUnavailable`."""

    @abstractmethod
    async def is_foreign(self) -> bool:
        """Whether there is something, but no backup."""

    @abstractmethod
    async def read(self, name: str) -> bytes | None:
        """Return a small document, or None if it does not exist."""

    @abstractmethod
    async def write(self, name: str, content: bytes) -> None:
        """Write a small document, atomically and durably."""

    @abstractmethod
    async def names(self) -> Sequence[str]:
        """Return the names of all manifests with `MANIFESTS`, in their order."""


class DatabaseDumps(Protocol):
    """Dumps of the database."""

    @abstractmethod
    async def installation(self) -> UUID:
        """Return the id of this installation, which is made at the first use and is part of every dump."""

    @abstractmethod
    async def migration(self) -> str:
        """Return the migration of the database."""

    @abstractmethod
    async def require_restorable(self, manifest: Manifest) -> None:
        """Raise `BackupRefused` if this installation has users, or does not know the migration of the backup."""

    @abstractmethod
    async def dump(self, target: BlobStore) -> BlobKey:
        """Store a dump of all rows at one moment, and return its key."""

    @abstractmethod
    def referenced_keys(self, dump: BlobKey, source: BlobStore) -> AsyncIterator[BlobKey]:
        """Yield the keys of all blobs that rows of the dump refer to, some of them repeatedly."""

    @abstractmethod
    async def restore(self, dump: BlobKey, source: BlobStore) -> None:
        """Fill the database from the dump, completely or not at all. Replaces empty tables."""
