"""Identities: accounts of an OpenID Connect provider that sign in to accounts of this site."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, Self

from domain.errors import Conflict, NotFound, Unauthenticated
from domain.ids import IdentityId, UserId
from domain.pages import Page, PageRequest
from domain.text import text_error

MAX_CLAIM = 255
"""Characters of a claim. OpenID Connect limits subjects to as many."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The pair of issuer and subject alone identifies an account of a provider."""

    id: IdentityId
    user_id: UserId
    issuer: str
    subject: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ProviderRequest:
    """One visit of a browser to the provider. `nonce` and `verifier` (PKCE) bind its result to this request."""

    redirect_uri: str
    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProviderClaims:
    """What the provider says about an account. `email` is one that the provider verified."""

    issuer: str
    subject: str
    email: str | None = None
    username: str | None = None

    @classmethod
    def of(cls, issuer: str, claims: Mapping[str, object]) -> Self:
        """Return what a verified ID token says. Other texts than names and addresses are left out. Raises
        `ProviderRefused` for a subject that cannot be stored."""
        subject = _text_of(claims, "sub")
        if subject is None:
            raise ProviderRefused(
                f"the provider's ID token has no subject of 1 to {MAX_CLAIM} storable characters; ask its operator"
            )
        email = _text_of(claims, "email") if claims.get("email_verified") is True else None
        return cls(issuer, subject, email, _text_of(claims, "preferred_username"))


def _text_of(claims: Mapping[str, object], name: str) -> str | None:
    value = claims.get(name)
    is_text = isinstance(value, str) and not text_error(name, value, min_length=1, max_length=MAX_CLAIM)
    return str(value) if is_text else None


class ProviderRefused(Unauthenticated):
    code = "provider_refused"


class IdentityTaken(Conflict):
    code = "identity_taken"

    def __init__(self) -> None:
        super().__init__("this account of the provider is linked already; sign in with it, or unlink it there first")


class IdentityNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("you have no such linked account; see the list in your settings")


class IdentityProvider(Protocol):
    """The configured provider. Raises `Unavailable` when it cannot be reached."""

    @abstractmethod
    async def authorization_url(self, request: ProviderRequest) -> str:
        """Return the address at which the provider asks its user."""

    @abstractmethod
    async def claims(self, request: ProviderRequest, code: str) -> ProviderClaims:
        """Exchange the code of a redirect for the claims of a verified ID token. Raises `ProviderRefused` for a code
        that the provider refuses, and for a token of another issuer, audience, nonce or key, or an expired one."""


class Identities(Protocol):
    """The identities of a unit of work."""

    @abstractmethod
    async def add(self, identity: Identity) -> None:
        """Store a new identity. Raises `IdentityTaken`, and `UserNotFound` when the account was deleted meanwhile. The
        unit of work cannot be committed after either."""

    @abstractmethod
    async def find(self, issuer: str, subject: str) -> Identity | None:
        """Return the identity of this account of the provider."""

    @abstractmethod
    async def delete(self, identity_id: IdentityId, user_id: UserId) -> bool:
        """Delete one of the user's identities. Return False if they have no identity with that id."""


class IdentityReader(Protocol):
    """The user's own identities. Reads run outside any unit of work."""

    @abstractmethod
    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Identity]:
        """Return the user's identities, newest first."""
