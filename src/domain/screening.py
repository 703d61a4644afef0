"""Screening: uploads are compared with lists of known images before anybody can see them."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from domain.blocklist import Match
from domain.decisions import Decision
from domain.effects import Effect, Target, TargetKind
from domain.ids import DecisionId, ImageId, UserId
from domain.understanding import LEASE, MAX_RETRY_AFTER, backoff
from domain.vision.pdq import Pdq

QUARANTINE_RULE = "known images"
QUARANTINE_REASON = (
    "the image matches a list of known images; nobody can see it, or a post with it, until a moderator decides"
)


@dataclass(frozen=True, slots=True)
class PendingScreening:
    """An image that waits for the answer of a screening service. Nobody sees it until then, however long that takes:
    attempts do not end. `next_attempt_at` is when it is due, or when the worker of a running attempt counts as dead."""

    image_id: ImageId
    next_attempt_at: datetime
    attempts: int = 0

    def is_due(self, now: datetime) -> bool:
        return self.next_attempt_at <= now

    def start(self, now: datetime) -> "PendingScreening":
        return replace(self, attempts=self.attempts + 1, next_attempt_at=now + LEASE)

    def retry_later(self, now: datetime, jitter: float, at_least: timedelta) -> "PendingScreening":
        delay = max(backoff(min(self.attempts, 20), jitter), min(at_least, MAX_RETRY_AFTER))
        return replace(self, next_attempt_at=now + delay)


def quarantine(decision_id: DecisionId, image_id: ImageId, user_id: UserId, now: datetime) -> Decision:
    """Return the decision by which the service holds an image back until a moderator decides."""
    target = Target(TargetKind.IMAGE, image_id)
    return Decision(
        decision_id, target, user_id, None, QUARANTINE_RULE, QUARANTINE_REASON, Effect.QUARANTINE, None, now, True
    )


def describe_match(match: Match) -> str:
    """Return what a moderator reads about a match."""
    origin = f" of {match.source}" if match.source else ""
    return f"{match.kind} hash{origin}, {match.distance} bits differ: {match.reason}"[:1_000]


class Screening(Protocol):
    """A service with lists of known images."""

    @abstractmethod
    async def look_up(self, pdq: Pdq) -> Match | None:
        """Return the nearest match in the lists of the service, or None. Raises `Unavailable`."""


class Screenings(Protocol):
    """The pending screenings of a unit of work. An image with one is quarantined."""

    @abstractmethod
    async def add(self, screening: PendingScreening) -> None:
        """Store a pending screening of a new image."""

    @abstractmethod
    async def get(self, image_id: ImageId) -> PendingScreening | None:
        """Return the screening, which does not change until the unit of work ends; None when it has ended."""

    @abstractmethod
    async def save(self, screening: PendingScreening) -> None:
        """Replace the screening."""

    @abstractmethod
    async def delete(self, image_id: ImageId) -> None:
        """End the screening."""

    @abstractmethod
    async def find_due(self, now: datetime, limit: int) -> Sequence[ImageId]:
        """Return images whose screening is due, the most overdue first."""
