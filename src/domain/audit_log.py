"""The audit log of moderation. Entries are only ever added."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.effects import Target, TargetKind
from domain.ids import LogEntryId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Moderator


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
    FACTOR_RESET = "factor_reset"
    INVITE_CREATION = "invite_creation"
    INVITE_DELETION = "invite_deletion"
    TERMS_PUBLICATION = "terms_publication"


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


OPERATOR = UserId(UUID(int=0))
"""Stands for the user in entries about what an operator did that concerns no account."""


def entry_about_service(
    entry_id: LogEntryId, now: datetime, action: Action, actor: Moderator | None, details: Mapping[str, str | None]
) -> LogEntry:
    """Return the entry of a change that concerns no other user. Without an actor, an operator made it."""
    user_id = actor.id if actor else OPERATOR
    named = {"moderator": actor.username, **details} if actor else details
    target = Target(TargetKind.USER, user_id)
    return LogEntry(entry_id, now, actor.id if actor else None, action, target, user_id, named)


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
