"""Roles: what a user may do beyond using their own account."""

from dataclasses import dataclass
from enum import StrEnum

from domain.errors import Forbidden
from domain.ids import UserId


class Role(StrEnum):
    """A role of an account, the lowest first. A higher role has the rights of the lower ones."""

    USER = "user"
    MODERATOR = "moderator"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role has the rights of `other`."""
        return _ORDER.index(self) >= _ORDER.index(other)


_ORDER = tuple(Role)


class RoleRequired(Forbidden):
    def __init__(self, required: Role, actual: Role) -> None:
        super().__init__(
            f"this needs the role {required}, and your account has the role {actual}; ask an operator of this server",
            limit=required.value,
            actual=actual.value,
        )


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who decides: an account with its role at the time."""

    id: UserId
    username: str
    role: Role


def require_role(actual: Role, required: Role) -> None:
    """Raise `RoleRequired` if `actual` does not include `required`."""
    if not actual.includes(required):
        raise RoleRequired(required, actual)


def may_moderate(actor: Role, target: Role) -> bool:
    """Whether an account with the role `actor` may act on one with the role `target`: never on an equal or higher
    role, hence never on oneself."""
    return actor.includes(Role.MODERATOR) and not target.includes(actor)


def moderating_roles(target: Role) -> tuple[Role, ...]:
    """Return the roles that may act on accounts with the role `target`."""
    return tuple(role for role in Role if may_moderate(role, target))
