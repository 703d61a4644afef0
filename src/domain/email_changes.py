"""Changes of an e-mail address. They take effect when both addresses have confirmed them."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.ids import UserId
from domain.users import User

CHANGE_LIFETIME = timedelta(days=1)
"""How long a requested change waits for its confirmations."""


@dataclass(frozen=True, slots=True)
class EmailChange:
    """A requested change to `email`. The old address approves it, and the new one is proved."""

    user_id: UserId
    email: str
    approved: bool
    proved: bool
    expires_at: datetime

    @property
    def is_complete(self) -> bool:
        return self.approved and self.proved

    def is_valid(self, now: datetime) -> bool:
        return now < self.expires_at


class EmailChanges(Protocol):
    """The requested changes of a unit of work, at most one for each user."""

    @abstractmethod
    async def get(self, user_id: UserId) -> EmailChange | None:
        """Return the change, also when it has expired. Lock the user first if you change it."""

    @abstractmethod
    async def save(self, change: EmailChange) -> None:
        """Store the change instead of an earlier one."""

    @abstractmethod
    async def delete(self, user_id: UserId) -> None:
        """Delete the change. Idempotent."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired changes. Return their number."""


def request_change(user: User, email: str, now: datetime) -> EmailChange:
    """Return a new change. An address that was never verified cannot approve: it may be misspelt, or a stranger's."""
    return EmailChange(user.id, email, approved=not user.email_verified, proved=False, expires_at=now + CHANGE_LIFETIME)
