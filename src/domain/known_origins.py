"""From where an account was signed in to before: a browser with a cookie of ours, or an address."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from domain.ids import UserId

ORIGIN_LIFETIME = timedelta(days=90)
"""How long an origin is known after the last sign-in from it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """From where somebody signs in. `device` is the secret that an earlier sign-in left in this browser."""

    address: str
    device: str | None = field(default=None, repr=False)

    def address_mark(self, user_id: UserId) -> str:
        return _hash_origin(user_id, "address", self.address)

    def device_mark(self, user_id: UserId) -> str | None:
        return _hash_origin(user_id, "device", self.device) if self.device else None

    def marks(self, user_id: UserId) -> list[str]:
        """The device's first: it tells people behind one address apart."""
        return [mark for mark in (self.device_mark(user_id), self.address_mark(user_id)) if mark]


class KnownOrigins(Protocol):
    @abstractmethod
    async def filter_known(self, user_id: UserId, marks: Collection[str], now: datetime) -> frozenset[str]:
        """Those of the marks that were noted for this account within `ORIGIN_LIFETIME`."""

    @abstractmethod
    async def record(self, user_id: UserId, marks: Collection[str], now: datetime) -> None:
        """Know these from now on; no effect when the account has just gone."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Drop what is known no more; how many."""


def _hash_origin(user_id: UserId, kind: str, value: str) -> str:
    """What is kept: a hash that is of use for one account alone."""
    return hashlib.sha256(f"{user_id} {kind} {value}".encode("utf-8", "surrogatepass")).hexdigest()
