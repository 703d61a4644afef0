"""Bearer tokens. Only a hash is stored, so a stolen database gives no access."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from domain.errors import FieldError, Invalid, Unauthenticated
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Moderator, Role
from domain.scopes import ALL_SCOPES, Scope, scopes_error
from domain.text import text_error

MAX_TOKEN_NAME = 50
MAX_TOKEN_LIFETIME = timedelta(days=366)
"""The maximum for tokens whose client chooses the lifetime."""
MIN_TOKEN_LIFETIME = timedelta(minutes=1)
USE_INTERVAL = timedelta(minutes=5)
"""How exact the stored time of the last use is."""
ORIGIN_RETENTION = timedelta(days=30)
"""How long the device and the address of a sign-in are stored."""


@dataclass(frozen=True, slots=True)
class Token:
    """One session. `hash` is the hexadecimal SHA-256 of the client's secret. Programs have a `name`. `device` and
    `address` are those of the sign-in, until `ORIGIN_RETENTION` has passed."""

    id: TokenId
    user_id: UserId
    hash: str
    created_at: datetime
    expires_at: datetime
    name: str | None = None
    scopes: frozenset[Scope] = ALL_SCOPES
    last_used_at: datetime | None = None
    device: str | None = None
    address: str | None = None


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

    def check_role(self, role: Role) -> None:
        """Raise `Invalid` if the request names scopes that need a higher role."""
        if error := scopes_error(self.scopes, role):
            raise Invalid.of(error)


@dataclass(frozen=True, slots=True)
class Session:
    """The user of a request, and the token used."""

    token_id: TokenId
    user_id: UserId
    username: str
    role: Role
    expires_at: datetime
    scopes: frozenset[Scope] = ALL_SCOPES
    is_pending: bool = False
    """Whether the sign-up of the account waits for approval."""

    @property
    def moderator(self) -> Moderator:
        """The account as a moderator. The caller checks the role."""
        return Moderator(self.user_id, self.username, self.role)

    @property
    def is_unrestricted(self) -> bool:
        """Whether the token has all scopes. Only such tokens are sessions of the web UI."""
        return self.scopes == ALL_SCOPES


class NotSignedIn(Unauthenticated):
    code = "not_signed_in"


class WrongCredentials(Unauthenticated):
    code = "wrong_credentials"


class TokenExpired(Unauthenticated):
    code = "token_expired"


class Tokens(Protocol):
    """The tokens of a unit of work."""

    @abstractmethod
    async def add(self, token: Token) -> None:
        """Store a new token. Raises `UserNotFound` when the account was deleted meanwhile."""

    @abstractmethod
    async def record_uses(self, tokens: Collection[TokenId], now: datetime) -> None:
        """Store `now` as the last use of the tokens for which `is_use_recordable`. Tokens that another unit of work
        changes at this moment are left out."""

    @abstractmethod
    async def forget_origins(self, before: datetime) -> int:
        """Delete device and address of the tokens created before `before`, except for tokens that another unit of work
        changes at this moment. Return their number."""

    @abstractmethod
    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        """Revoke one of the user's tokens. Return False if they have no token with that id."""

    @abstractmethod
    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        """Revoke all of the user's tokens except `keep`."""

    @abstractmethod
    async def delete_expired(self, before: datetime) -> int:
        """Delete tokens that expired before `before`. Return their number."""


class TokenReader(Protocol):
    """Lookup of tokens. Reads run outside any unit of work."""

    @abstractmethod
    async def by_hash(self, token_hash: str) -> Session | None:
        """Return the session of that token, also when it has expired; None when there is none or it was revoked."""

    @abstractmethod
    async def of_user(self, user_id: UserId, now: datetime, page: PageRequest) -> Page[Token]:
        """Return the user's tokens that have not expired, newest first."""

    @abstractmethod
    async def filter_valid(self, tokens: Collection[TokenId], now: datetime) -> Collection[TokenId]:
        """Return those of the tokens that are neither revoked nor expired."""


def is_use_recordable(last_used_at: datetime | None, now: datetime) -> bool:
    """Whether a use is stored: at most once in `USE_INTERVAL`. SQL: `_RECORD_USES` in `adapters/postgres/tokens.py`."""
    return last_used_at is None or last_used_at <= now - USE_INTERVAL


def _lifetime_error(lifetime: timedelta | None) -> FieldError | None:
    if lifetime is None or MIN_TOKEN_LIFETIME <= lifetime <= MAX_TOKEN_LIFETIME:
        return None
    least, most = (int(bound.total_seconds()) for bound in (MIN_TOKEN_LIFETIME, MAX_TOKEN_LIFETIME))
    seconds = int(lifetime.total_seconds())
    return FieldError("expires_in", "out_of_range", f"may be {least} to {most} seconds", most, seconds)


def token_hash(secret: str) -> str:
    """Return the SHA-256 of the secret. A plain hash suffices: the secret has 256 random bits and cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
