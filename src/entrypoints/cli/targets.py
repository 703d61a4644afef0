"""Arguments of `tintype moderate`."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from domain.blocklist import EntryNotFound
from domain.decisions import DecisionNotFound, TargetNotFound
from domain.effects import Target, TargetKind
from domain.errors import FieldError, Invalid
from domain.ids import DecisionId, EntryId
from domain.roles import Moderator, Role, require_role
from entrypoints.cli.command_context import CommandContext

E = TypeVar("E", bound=StrEnum)


def parse_choice(name: str, text: str, choices: type[E]) -> E:
    """Raises `Invalid` with the accepted values."""
    try:
        return choices(text)
    except ValueError:
        allowed = ", ".join(choices)
        raise Invalid.of(FieldError(name, "not_allowed", f"is none of {allowed}", allowed, text[:100])) from None


async def parse_target(command: CommandContext, kind: str, ref: str) -> Target:
    """The target with that id; a user also by name. Raises `Invalid`, `TargetNotFound`, `UserNotFound`."""
    chosen = parse_choice("KIND", kind, TargetKind)
    try:
        return Target(chosen, UUID(ref))
    except ValueError:
        if chosen is TargetKind.USER:
            return Target(chosen, (await command.container.accounts().account(ref)).user.id)
        raise TargetNotFound(chosen) from None


def parse_decision_id(text: str) -> DecisionId:
    """Raises `DecisionNotFound` for text that is not an id."""
    try:
        return DecisionId(UUID(text))
    except ValueError:
        raise DecisionNotFound from None


def parse_entry_id(text: str) -> EntryId:
    """Raises `EntryNotFound` for text that is not an id."""
    try:
        return EntryId(UUID(text))
    except ValueError:
        raise EntryNotFound from None


def parse_time(name: str, text: str | None) -> datetime | None:
    """A time with an offset, in UTC. Raises `Invalid`."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo is not None:
            return time.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Invalid.of(FieldError(name, "bad_format", "is not a time with an offset, such as 2027-01-31T12:00Z"))


async def require_moderator(command: CommandContext, name: str) -> Moderator:
    """The account as a moderator. Raises `UserNotFound`, `AccountSuspended`, `RoleRequired`."""
    user = (await command.actor(name)).user
    require_role(user.role, Role.MODERATOR)
    return Moderator(user.id, user.username, user.role)
