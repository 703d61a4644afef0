"""Requests for tokens: what a client asks of a new token, and what it gets."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.errors import FieldError, Invalid
from domain.roles import Role
from domain.scopes import ALL_SCOPES, Scope, format_scopes, parse_scopes, scopes_error
from domain.text import text_error
from domain.tokens import Token

MAX_TOKEN_NAME = 50
MAX_TOKEN_LIFETIME = timedelta(days=366)
"""The maximum for tokens whose client chooses the lifetime."""
MIN_TOKEN_LIFETIME = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token with its secret, which is returned only here. `device` is the secret by which this browser is known
    at the next sign-in."""

    secret: str
    token: Token
    device: str | None = None


@dataclass(frozen=True, slots=True)
class TokenLifetime:
    """How long a token is valid."""

    days: int = 30

    @property
    def duration(self) -> timedelta:
        return timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """What a client asks of a new token. By default it has all scopes of the account and the usual lifetime.
    `accepted_terms` is the version that the user accepts at this sign-in. Raises `Invalid`."""

    name: str | None = None
    scopes: frozenset[Scope] = ALL_SCOPES
    lifetime: timedelta | None = None
    accepted_terms: int | None = None

    def __post_init__(self) -> None:
        name_error = (
            text_error("name", self.name, min_length=1, max_length=MAX_TOKEN_NAME) if self.name is not None else None
        )
        if errors := tuple(error for error in (name_error, _lifetime_error(self.lifetime)) if error):
            raise Invalid.of(*errors)

    @classmethod
    def of_data(cls, data: Mapping[str, str]) -> "TokenRequest":
        """Return the request from what `to_data` returned."""
        return cls(
            data.get("name"),
            parse_scopes(data["scopes"]) if "scopes" in data else ALL_SCOPES,
            timedelta(seconds=int(data["expires_in"])) if "expires_in" in data else None,
            int(data["accepted_terms"]) if "accepted_terms" in data else None,
        )

    def to_data(self) -> dict[str, str]:
        """Return the request as texts, which the challenge of a second step keeps."""
        seconds = int(self.lifetime.total_seconds()) if self.lifetime else None
        values = {"name": self.name, "expires_in": seconds, "accepted_terms": self.accepted_terms}
        scopes = {"scopes": format_scopes(self.scopes)}
        return scopes | {name: str(value) for name, value in values.items() if value is not None}

    def complete(self, last: "TokenRequest") -> "TokenRequest":
        """Return this request of the first step, with the terms that the user accepts in the last one. Raises `Invalid`
        if the last step asks for anything else."""
        if last != TokenRequest(accepted_terms=last.accepted_terms):
            detail = "continues a sign-in: send name, scopes and expires_in with its first step only"
            raise Invalid.of(FieldError("challenge", "not_allowed", detail))
        return replace(self, accepted_terms=last.accepted_terms or self.accepted_terms)

    def check_role(self, role: Role) -> None:
        """Raise `Invalid` if the request names scopes that need a higher role."""
        if error := scopes_error(self.scopes, role):
            raise Invalid.of(error)


def _lifetime_error(lifetime: timedelta | None) -> FieldError | None:
    if lifetime is None or MIN_TOKEN_LIFETIME <= lifetime <= MAX_TOKEN_LIFETIME:
        return None
    least, most = (int(bound.total_seconds()) for bound in (MIN_TOKEN_LIFETIME, MAX_TOKEN_LIFETIME))
    seconds = int(lifetime.total_seconds())
    return FieldError("expires_in", "out_of_range", f"may be {least} to {most} seconds", most, seconds)
