"""Challenges: short-lived secrets with which a client continues what it began, such as the second step of a sign-in.
Only a hash is stored."""

import hashlib
from abc import abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from domain.errors import Unauthenticated
from domain.ids import UserId

LIFETIME = timedelta(minutes=5)
LONG_LIFETIME = timedelta(minutes=15)
"""How long a user has to install an authenticator app and enter its first code, to fill in a form, or to read terms."""


class Purpose(StrEnum):
    """What a challenge continues."""

    SIGN_IN = "sign_in"
    PASSKEY_SIGN_IN = "passkey_sign_in"
    ADD_TOTP = "add_totp"
    ADD_PASSKEY = "add_passkey"
    PROVIDER = "provider"
    IDENTITY = "identity"
    TERMS = "terms"

    @property
    def lifetime(self) -> timedelta:
        return LONG_LIFETIME if self in {Purpose.ADD_TOTP, Purpose.IDENTITY, Purpose.TERMS} else LIFETIME


@dataclass(frozen=True, slots=True)
class Challenge:
    """`data` holds what the next step needs."""

    secret_hash: str
    purpose: Purpose
    expires_at: datetime
    user_id: UserId | None = None
    data: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(
        cls, secret: str, purpose: Purpose, now: datetime, user_id: UserId | None = None, /, **data: str
    ) -> "Challenge":
        return cls(challenge_hash(secret), purpose, now + purpose.lifetime, user_id, data)


@dataclass(frozen=True, slots=True)
class NewChallenge:
    """A challenge as its client gets it."""

    secret: str = field(repr=False)
    expires_at: datetime


class ChallengeExpired(Unauthenticated):
    code = "challenge_expired"

    def __init__(self) -> None:
        super().__init__("the challenge is unknown, was used already, or has expired; start again")


class Challenges(Protocol):
    """The challenges of a unit of work."""

    @abstractmethod
    async def add(self, challenge: Challenge) -> None:
        """Store a new challenge. Raises `UserNotFound` when the account was deleted meanwhile."""

    @abstractmethod
    async def take(self, secret_hash: str, purposes: Collection[Purpose], now: datetime) -> Challenge | None:
        """Delete and return the challenge; None if there is none for these purposes, or if it has expired. Of
        concurrent units of work exactly one gets it. Without a commit it remains."""

    @abstractmethod
    async def delete_expired(self, now: datetime) -> int:
        """Delete expired challenges. Return their number."""


async def take_challenge(challenges: Challenges, secret: str, now: datetime, *purposes: Purpose) -> Challenge:
    """Return the challenge, which is used up by the commit. Raises `ChallengeExpired`."""
    challenge = await challenges.take(challenge_hash(secret), purposes, now)
    if challenge is None:
        raise ChallengeExpired
    return challenge


def challenge_hash(secret: str) -> str:
    """Return the SHA-256 of the secret. A plain hash suffices: the secret has 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
