"""Keyset pagination: a page starts after a position, never at an offset. Concurrent inserts neither repeat nor skip
items."""

import base64
import binascii
import hashlib
import math
import struct
from dataclasses import dataclass
from typing import Generic, Self, TypeVar
from uuid import UUID

from domain.errors import Gone, Invalid

T = TypeVar("T")

_LAYOUT = struct.Struct("!dI16s")
_CHECK_BYTES = 6


class BadCursor(Invalid):
    code = "bad_cursor"


class CursorExpired(Gone):
    """The list order that the cursor refers to is no longer stored."""

    code = "cursor_expired"


@dataclass(frozen=True, slots=True)
class Position:
    """The position of an item in its list. Lists are ordered by (key, id); if by id alone, the key is 0. In a ranking,
    `rank` counts from 1, and `snapshot_token` identifies the stored order."""

    id: UUID
    key: float = 0.0
    rank: int = 0
    snapshot_token: str = ""

    def cursor(self, scope: str) -> str:
        """Return an opaque text for this position in the list `scope`. `parse` accepts it for that list only."""
        payload = _LAYOUT.pack(self.key, self.rank, self.id.bytes) + self.snapshot_token.encode()
        return base64.urlsafe_b64encode(payload + _checksum(scope, payload)).decode().rstrip("=")

    @classmethod
    def parse(cls, cursor: str, scope: str) -> Self:
        """Return the position of a cursor. Raises `BadCursor` when it is damaged or belongs to another list.

        The checksum is not secret: a forged position reveals nothing that the list itself would not.
        """
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            payload, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
            key, rank, id_bytes = _LAYOUT.unpack_from(payload)
            snapshot_token = payload[_LAYOUT.size :].decode()
        except (binascii.Error, ValueError, struct.error):
            raise bad_cursor_error() from None
        canonical = base64.urlsafe_b64encode(raw).decode().rstrip("=")
        if canonical != cursor or check != _checksum(scope, payload) or not math.isfinite(key):
            raise bad_cursor_error()
        return cls(UUID(bytes=id_bytes), key, rank, snapshot_token)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request for at most `limit` items (1-100) after the position `after` in the list's order."""

    limit: int = 20
    after: Position | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. `next` is the position of its last item; None at the end of the list."""

    items: tuple[T, ...]
    next: Position | None = None


def _checksum(scope: str, payload: bytes) -> bytes:
    return hashlib.blake2s(scope.encode() + b"\0" + payload, digest_size=_CHECK_BYTES).digest()


def bad_cursor_error() -> BadCursor:
    return BadCursor("the cursor is damaged or belongs to another list; start again without one", field="cursor")
