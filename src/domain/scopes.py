"""Scopes: what a token may do of all that its user may do."""

from collections.abc import Collection
from enum import StrEnum

from domain.errors import FieldError, Forbidden, Invalid
from domain.roles import Role


class Scope(StrEnum):
    READ = "read"
    WRITE = "write"
    MODERATE = "moderate"
    ADMIN = "admin"


ALL_SCOPES = frozenset(Scope)
_ROLES = {Scope.READ: Role.USER, Scope.WRITE: Role.USER, Scope.MODERATE: Role.MODERATOR, Scope.ADMIN: Role.ADMIN}
_SCOPE_OF_ROLE = {Role.MODERATOR: Scope.MODERATE, Role.ADMIN: Scope.ADMIN}


class InsufficientScope(Forbidden):
    code = "insufficient_scope"

    def __init__(self, required: Scope, scopes: Collection[Scope]) -> None:
        actual = format_scopes(scopes)
        super().__init__(
            f"this needs a token with the scope {required}, and yours has {actual}; create a token with this scope",
            limit=required.value,
            actual=actual,
        )


def required_scope(method: str, role: Role = Role.USER) -> Scope:
    """Return the scope that a call needs: that of the role if it is for moderators or admins, else `read` for calls
    that only read, and `write` for all others."""
    by_method = Scope.READ if method in {"GET", "HEAD"} else Scope.WRITE
    return _SCOPE_OF_ROLE.get(role, by_method)


def scopes_of_role(scopes: Collection[Scope], role: Role) -> list[Scope]:
    """Return those of the scopes that an account with this role can use, in the order of `Scope`."""
    return [scope for scope in Scope if scope in scopes and role.includes(_ROLES[scope])]


def scopes_error(scopes: frozenset[Scope], role: Role) -> FieldError | None:
    """Return an error if a scope needs a higher role. All scopes together mean those of the role."""
    allowed = scopes_of_role(ALL_SCOPES, role)
    if scopes == ALL_SCOPES or scopes <= set(allowed):
        return None
    names = format_scopes(allowed)
    detail = f"may only contain scopes of your role {role}: {names}"
    return FieldError("scopes", "not_allowed", detail, names, format_scopes(scopes))


def parse_scopes(text: str) -> frozenset[Scope]:
    """Return the scopes in a text of words. Raises `Invalid` for unknown words and for none."""
    words = text.split()
    known = {scope.value for scope in Scope}
    if not words or not known.issuperset(words):
        names = format_scopes(ALL_SCOPES)
        detail = f"is one or more of {names}, separated by spaces"
        raise Invalid.of(FieldError("scopes", "bad_format", detail, names, text[:100]))
    return frozenset(map(Scope, words))


def format_scopes(scopes: Collection[Scope]) -> str:
    """Return the scopes in their order, separated by spaces."""
    return " ".join(scope.value for scope in Scope if scope in scopes)
