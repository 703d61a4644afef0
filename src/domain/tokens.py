"""Bearer tokens. Only a hash is stored, so a stolen database gives no access."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.errors import Unauthenticated
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.roles import Role


@dataclass(frozen=True, slots=True)
class Token:
    """One session. `hash` is the hexadecimal SHA-256 of the client's secret."""

    id: TokenId
    user_id: UserId
    hash: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """The user of a request, and the token used."""

    token_id: TokenId
    user_id: UserId
    username: str
    role: Role
    expires_at: datetime


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


def token_hash(secret: str) -> str:
    """Return the SHA-256 of the secret. A plain hash suffices: the secret has 256 random bits and cannot be guessed."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
