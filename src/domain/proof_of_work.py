"""Proof of work that a sign-up may need, which makes thousands of sign-ups expensive."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

CHALLENGE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class WorkChallenge:
    """A challenge of ALTCHA: find the number up to `maxnumber` for which the hash of salt and number is
    `challenge`."""

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int


class ProofOfWork(Protocol):
    @abstractmethod
    def create(self, now: datetime) -> WorkChallenge:
        """Return a new challenge, valid for `CHALLENGE_LIFETIME`."""

    @abstractmethod
    def verify(self, answer: str, now: datetime) -> str | None:
        """Return the challenge that the answer solves; None if it is wrong, malformed or expired, or the challenge was
        created elsewhere. The caller refuses an answer to the same challenge again."""
