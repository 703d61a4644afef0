"""Bearer tokens. Only a hash is stored, so a stolen database gives no access."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import Forbidden, Unauthenticated
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Moderator, Role, require_role
from domain.scopes import ALL_SCOPES, Scope

USE_INTERVAL = timedelta(minutes=5)
"""How exact the stored time of the last use is."""
ORIGIN_RETENTION = timedelta(days=30)
"""How long the device and the address of a sign-in are stored."""
CONFIRMATION_LIFETIME = timedelta(minutes=10)
"""How long a session may change second factors after its user confirmed the password or used a second factor."""


class FactorRequirement(StrEnum):
    """Who needs a second factor."""

    NONE = "none"
    MODERATORS = "moderators"


@dataclass(frozen=True, slots=True)
class Token:
    """One session. `hash` is the hexadecimal SHA-256 of the client's secret. Programs have a `name`. `device` and
    `address` are those of the sign-in, until `ORIGIN_RETENTION` has passed. `confirmed_at` is the last time that its
    user confirmed the password or used a second factor, `second_factor_at` that of a second factor."""

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
    confirmed_at: datetime | None = None
    second_factor_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """The user of a request, and the token used. `role` is the one whose rights the session has, `withheld` that of the
    account if the session lacks the second factor that it needs."""

    token_id: TokenId
    user_id: UserId
    username: str
    role: Role
    expires_at: datetime
    scopes: frozenset[Scope] = ALL_SCOPES
    is_pending: bool = False
    """Whether the sign-up of the account waits for approval."""
    confirmed_at: datetime | None = None
    second_factor_at: datetime | None = None
    withheld: Role | None = None

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


class ConfirmationRequired(Forbidden):
    code = "confirmation_required"

    def __init__(self) -> None:
        minutes = int(CONFIRMATION_LIFETIME.total_seconds()) // 60
        super().__init__(
            f"this needs your password or a second factor within the last {minutes} minutes; confirm your password, "
            "then repeat the request"
        )


class RightsWithheld(Forbidden):
    code = "rights_withheld"

    def __init__(self, role: Role) -> None:
        super().__init__(
            f"your rights as {role} need a second factor, and this session has used none; sign in with one, or add one "
            "on the page /settings/second-factors or with POST /v1/me/second-factors"
        )


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
    async def confirm(self, token_id: TokenId, now: datetime, *, second_factor: bool) -> None:
        """Set `confirmed_at`, and `second_factor_at` if a second factor was used. No effect on a revoked token."""

    @abstractmethod
    async def clear_second_factor(self, user_id: UserId) -> None:
        """Reset `second_factor_at` of all of the user's tokens."""

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


def token_hash(secret: str) -> str:
    """Return the SHA-256 of the secret. A plain hash suffices: the secret has 256 random bits and cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def withhold_rights(session: Session, requirement: FactorRequirement) -> Session:
    """Return the session with the rights that it has. Where moderators and administrators need a second factor, a
    session without one has the rights of a user."""
    is_missing = requirement is FactorRequirement.MODERATORS and session.second_factor_at is None
    if is_missing and session.role is not Role.USER:
        return replace(session, role=Role.USER, withheld=session.role)
    return session


def require_rights(session: Session, required: Role) -> None:
    """Raises `RightsWithheld`, `RoleRequired`."""
    if session.withheld is not None and session.withheld.includes(required):
        raise RightsWithheld(session.withheld)
    require_role(session.role, required)


def is_confirmed(session: Session, now: datetime) -> bool:
    """Whether the session may change second factors."""
    return session.confirmed_at is not None and now < session.confirmed_at + CONFIRMATION_LIFETIME


def require_confirmed(session: Session, now: datetime) -> None:
    """Raises `ConfirmationRequired`."""
    if not is_confirmed(session, now):
        raise ConfirmationRequired
