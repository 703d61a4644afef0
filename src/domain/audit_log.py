"""The audit log of moderation. Entries are only ever added."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.effects import Target
from domain.ids import LogEntryId, UserId
from domain.pages import Page, PageRequest


class Action(StrEnum):
    DECISION = "decision"
    APPEAL = "appeal"
    APPEAL_DECISION = "appeal_decision"
    ROLE_CHANGE = "role_change"
    SIGN_UP_APPROVAL = "sign_up_approval"
    SIGN_UP_REFUSAL = "sign_up_refusal"
    REFUSED = "refused"
    """A refused attempt to decide about oneself or somebody with the same or a higher role."""
    QUARANTINE = "quarantine"
    BLOCKLIST_ADDITION = "blocklist_addition"
    BLOCKLIST_DELETION = "blocklist_deletion"


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Who did what. `actor_id` is None for the operator on the command line and for the service. Names are in
    `details`, because entries outlive accounts."""

    id: LogEntryId
    created_at: datetime
    actor_id: UserId | None
    action: Action
    target: Target
    user_id: UserId
    details: Mapping[str, str | None] = field(default_factory=dict)


class AuditLog(Protocol):
    """The audit log of a unit of work."""

    @abstractmethod
    async def add(self, entry: LogEntry) -> None:
        """Append an entry."""


class AuditLogReader(Protocol):
    """Reads the audit log. Reads run outside any unit of work."""

    @abstractmethod
    async def entries(self, page: PageRequest) -> Page[LogEntry]:
        """Return all entries, newest first."""
