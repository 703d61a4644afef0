"""E-mails that wait for delivery. These rows are authoritative; a queue only wakes workers."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.ids import EmailId, UserId

MAX_ATTEMPTS = 8
FIRST_DELAY = timedelta(seconds=30)
"""Doubled after each attempt: the eight attempts extend over an hour, longer than servers defer unknown senders."""
LEASE = timedelta(minutes=2)
"""A running attempt without a result for this long counts as dead."""
ALL_FACTORS = "all"
"""The detail of a notice that all second factors were removed."""
RETENTION = timedelta(days=7)
"""How long the row of an e-mail is kept after its creation."""


class EmailKind(StrEnum):
    """Why an e-mail is sent. `ADDRESS_IN_USE` is sent instead of a proof to the owner of an address that another user
    claims."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 — a name
    PROOF = "proof"
    APPROVAL = "approval"
    ADDRESS_IN_USE = "address_in_use"
    ADDRESS_CHANGED = "address_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 — a name
    SIGN_IN = "sign_in"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"


class EmailState(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail. It contains neither a text nor a link: both are made when it is sent, so that no link is stored. A
    request to reset a password has no user, because only the worker looks for one. `detail` is the new address of an
    approval or a change, the network address of a sign-in, and the kind of a second factor, or `ALL_FACTORS`."""

    id: EmailId
    kind: EmailKind
    recipient: str
    created_at: datetime
    user_id: UserId | None = None
    detail: str = ""
    state: EmailState = EmailState.PENDING
    attempts: int = 0
    error: str | None = None
    next_attempt_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state in {EmailState.PENDING, EmailState.RUNNING}

    def is_due(self, now: datetime) -> bool:
        return self.is_open and self.next_attempt_at is not None and self.next_attempt_at <= now

    def schedule(self, now: datetime) -> "Email":
        """Return the e-mail as requested (again): due now, with no attempts."""
        return replace(self, state=EmailState.PENDING, attempts=0, error=None, next_attempt_at=now)

    def start(self, now: datetime) -> "Email":
        """Start an attempt. It is counted now, so that an e-mail that kills its worker is counted too."""
        return replace(self, state=EmailState.RUNNING, attempts=self.attempts + 1, next_attempt_at=now + LEASE)

    def is_exhausted(self) -> bool:
        """Whether no attempt is left. Check this before starting one."""
        return self.attempts >= MAX_ATTEMPTS

    def mark_sent(self) -> "Email":
        return replace(self, state=EmailState.SENT, error=None, next_attempt_at=None)

    def mark_failed(self, error: str) -> "Email":
        """Mark the e-mail as failed permanently. Only an operator can request it again."""
        return replace(self, state=EmailState.FAILED, error=error, next_attempt_at=None)

    def retry_later(self, error: str, now: datetime, jitter: float) -> "Email":
        """Retry after a failed attempt, or fail after the last one. `jitter` (0-1) varies the upper half of the
        delay."""
        if self.is_exhausted():
            return self.mark_failed(error)
        delay = FIRST_DELAY * (1 << (self.attempts - 1)) * (0.5 + 0.5 * jitter)
        return replace(self, state=EmailState.PENDING, error=error, next_attempt_at=now + delay)


@dataclass(frozen=True, slots=True)
class EmailCount:
    """The number of e-mails in this state. `example_error` is the newest error among them."""

    state: EmailState
    count: int
    example_error: str | None = None


class Emails(Protocol):
    """The e-mails of a unit of work."""

    @abstractmethod
    async def add(self, email: Email) -> None:
        """Store a new e-mail. Raises `UserNotFound` when its user was deleted meanwhile."""

    @abstractmethod
    async def get(self, email_id: EmailId) -> Email | None:
        """Return the e-mail; None when absent."""

    @abstractmethod
    async def save(self, email: Email) -> None:
        """Store state, attempts, error and time of the next attempt. Has no effect when the e-mail is gone."""

    @abstractmethod
    async def delete(self, email_id: EmailId) -> None:
        """Delete the e-mail. Idempotent."""

    @abstractmethod
    async def find_due(self, now: datetime, limit: int) -> Sequence[Email]:
        """Return open e-mails whose `next_attempt_at` has passed, the most overdue first."""

    @abstractmethod
    async def recent(self, limit: int) -> Sequence[Email]:
        """Return the newest e-mails."""

    @abstractmethod
    async def retry_failed(self, now: datetime) -> int:
        """Request every failed e-mail again, due now. Return their number."""

    @abstractmethod
    async def counts(self) -> Sequence[EmailCount]:
        """Return the number of e-mails in each state, in alphabetical order; absent states are left out."""

    @abstractmethod
    async def delete_created_before(self, before: datetime) -> int:
        """Delete e-mails that were created before `before`. Return their number."""
