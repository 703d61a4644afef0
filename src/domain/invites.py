"""Invitations: codes that allow sign-ups."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import FieldError, Invalid, NotFound
from domain.ids import InviteId, UserId
from domain.pages import Page, PageRequest

MAX_USES = 1_000
MAX_DAYS = 365
INVITE_RETENTION = timedelta(days=30)
"""How long an expired invitation is still listed."""


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation. `creator` is the username of the moderator, None if an operator created it or the account was
    deleted."""

    id: InviteId
    code: str
    created_at: datetime
    expires_at: datetime
    max_uses: int
    uses: int = 0
    creator: str | None = None

    def error(self, now: datetime) -> FieldError | None:
        """Return the reason why it cannot be used, or None."""
        if self.expires_at <= now:
            expired = self.expires_at.isoformat()
            return FieldError("invite", "expired", f"expired at {expired}; ask for a new one", expired)
        if self.uses >= self.max_uses:
            detail = f"is used up: {self.uses} of {self.max_uses} sign-ups; ask for a new one"
            return FieldError("invite", "used_up", detail, self.max_uses, self.uses)
        return None


@dataclass(frozen=True, slots=True)
class InviteRequest:
    """The bounds of a new invitation. Raises `Invalid`."""

    max_uses: int = 1
    days: int = 7

    def __post_init__(self) -> None:
        bounds = (("max_uses", self.max_uses, MAX_USES), ("days", self.days, MAX_DAYS))
        faults = [
            FieldError(field, "out_of_range", f"may be 1 to {most:,}", most, value)
            for field, value, most in bounds
            if not 1 <= value <= most
        ]
        if faults:
            raise Invalid.of(*faults)


class InviteNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("there is no such invitation; see the list of invitations")


class Invites(Protocol):
    """The invitations of a unit of work."""

    @abstractmethod
    async def add(self, invite: Invite, creator: UserId | None) -> None:
        """Store a new invitation. Raises `UserNotFound` when the creator was deleted meanwhile."""

    @abstractmethod
    async def by_code(self, code: str) -> Invite | None:
        """Return the invitation without its creator, unchanged by others until the unit of work ends; None when
        absent."""

    @abstractmethod
    async def count_use(self, invite_id: InviteId) -> None:
        """Count a sign-up with this invitation."""

    @abstractmethod
    async def delete(self, invite_id: InviteId) -> bool:
        """Delete the invitation. Return False if it is absent."""

    @abstractmethod
    async def delete_expired(self, before: datetime) -> int:
        """Delete invitations that expired before `before`. Return their number."""


class InviteReader(Protocol):
    """Reads run outside any unit of work."""

    @abstractmethod
    async def all_invites(self, page: PageRequest) -> Page[Invite]:
        """Return every invitation, newest first."""
