"""Follows: whose posts make up my feed. A private account is asked first."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.blocks import UserBlocked
from domain.errors import Invalid
from domain.ids import UserId
from domain.users import UserNotFound


class CannotFollowSelf(Invalid):
    code = "cannot_follow_self"


class FollowLimitReached(Invalid):
    code = "follow_limit"

    def __init__(self, limit: int) -> None:
        detail = f"nobody follows more than {limit} people, requests included; unfollow somebody first"
        super().__init__(detail, limit=limit)


class FollowResult(StrEnum):
    """What came of an attempt to follow."""

    FOLLOWS = "follows"
    REQUESTED = "requested"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FollowStanding:
    """What decides on an attempt to follow. `count`: whom the follower follows and asks; `blocked`: by the followee."""

    present: bool
    blocked: bool
    blocking: bool
    follows: bool
    requested: bool
    count: int
    private: bool


def decide_follow(standing: FollowStanding, limit: int) -> FollowResult:
    """Raises `UserNotFound` where either account is gone or the followee blocks the follower, `Blocking` where the
    follower blocks the followee, `FollowLimitReached` where the follower has `limit` follows and requests."""
    if not standing.present or standing.blocked:
        raise UserNotFound
    if standing.blocking:
        raise UserBlocked
    if standing.follows or standing.requested:
        return FollowResult.UNCHANGED
    if standing.count >= limit:
        raise FollowLimitReached(limit)
    return FollowResult.REQUESTED if standing.private else FollowResult.FOLLOWS


class Follows(Protocol):
    """The follows of a unit of work. `following_count` and `followers_count` move with the row."""

    @abstractmethod
    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> FollowResult:
        """Follow, or request it, as `decide_follow` says, also when many follows race. Raises what it raises."""

    @abstractmethod
    async def remove(self, follower: UserId, followee: UserId) -> bool:
        """Unfollow, or take the request back; False when there was nothing to undo."""

    @abstractmethod
    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        """Make the request a follow; False when there is none."""

    @abstractmethod
    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        """Drop the request; False when there is none."""
