"""Origins of earlier sign-ins to an account: browsers with our cookie, and addresses."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from domain.ids import UserId

ORIGIN_LIFETIME = timedelta(days=90)
"""How long an origin is known after its last sign-in."""
NEW_ACCOUNT = timedelta(hours=1)
"""How long after its creation no sign-in to an account is announced."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a sign-in. `device` is the secret that an earlier sign-in stored in this browser."""

    address: str
    device: str | None = field(default=None, repr=False)
    user_agent: str = ""

    def address_mark(self, user_id: UserId) -> str:
        return _hash_origin(user_id, "address", self.address)

    def device_mark(self, user_id: UserId) -> str | None:
        return _hash_origin(user_id, "device", self.device) if self.device else None

    def marks(self, user_id: UserId) -> list[str]:
        """Return the marks, the device's first: it distinguishes people behind one address."""
        return [mark for mark in (self.device_mark(user_id), self.address_mark(user_id)) if mark]


def is_announced(created_at: datetime, now: datetime, *, known: bool) -> bool:
    """Whether the user is informed by e-mail of a sign-in from an origin that may be `known`. The first sign-ins of a
    new account are from unknown origins too."""
    return not known and now - created_at > NEW_ACCOUNT


class KnownOrigins(Protocol):
    @abstractmethod
    async def filter_known(self, user_id: UserId, marks: Collection[str], now: datetime) -> frozenset[str]:
        """Return the marks that were recorded for this account within `ORIGIN_LIFETIME`."""

    @abstractmethod
    async def record(self, user_id: UserId, marks: Collection[str], now: datetime) -> None:
        """Record these marks. Has no effect when the account was deleted meanwhile."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired origins. Return their number."""


def _hash_origin(user_id: UserId, kind: str, value: str) -> str:
    """Return the stored form: a hash that is useful for one account only."""
    return hashlib.sha256(f"{user_id} {kind} {value}".encode("utf-8", "surrogatepass")).hexdigest()
