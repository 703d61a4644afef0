"""Bearer tokens. Only a hash is kept, so a stolen database signs nobody in."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.errors import Unauthenticated
from domain.ids import TokenId, UserId
from domain.pages import Page, PageRequest
from domain.users import Role


@dataclass(frozen=True, slots=True)
class Token:
    """One signed-in session; `hash` is the hexadecimal SHA-256 of the secret the client holds."""

    id: TokenId
    user_id: UserId
    hash: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking, and with which token."""

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
        """Store a new token. Raises `UserNotFound` when the user has just gone."""

    @abstractmethod
    async def delete(self, token_id: TokenId, user_id: UserId) -> bool:
        """Revoke one of the user's tokens; False when they have none of that id."""

    @abstractmethod
    async def delete_others(self, user_id: UserId, keep: TokenId | None) -> None:
        """Revoke all of the user's tokens but `keep`."""

    @abstractmethod
    async def delete_expired(self, before: datetime) -> int:
        """Forget tokens that expired before then; how many."""


class SessionReader(Protocol):
    """Tokens as they are looked up. Reads stand outside any unit of work."""

    @abstractmethod
    async def by_hash(self, token_hash: str) -> Session | None:
        """The session of that token, also when it has expired; None when there is none (or it was revoked)."""

    @abstractmethod
    async def of_user(self, user_id: UserId, now: datetime, page: PageRequest) -> Page[Token]:
        """The user's tokens that have not expired, newest first."""

    @abstractmethod
    async def filter_valid(self, tokens: Collection[TokenId], now: datetime) -> Collection[TokenId]:
        """Those of the tokens that still sign in: neither revoked nor expired."""


def token_hash(secret: str) -> str:
    """A plain SHA-256 is enough: the secret is 256 random bits, so there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
