"""Follows between users. Some accounts approve their followers."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.blocks import UserBlocked
from domain.errors import Invalid
from domain.ids import UserId
from domain.users import User, UserNotFound


class CannotFollowSelf(Invalid):
    code = "cannot_follow_self"


class FollowLimitReached(Invalid):
    code = "follow_limit"

    def __init__(self, limit: int) -> None:
        detail = f"at most {limit} follows are allowed, requests included; unfollow somebody first"
        super().__init__(detail, limit=limit)


class FollowResult(StrEnum):
    """The result of a follow."""

    FOLLOWS = "follows"
    REQUESTED = "requested"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FollowFacts:
    """The facts that decide whether a follow is possible. `count` is the number of the follower's follows and requests;
    `blocked` means blocked by the followee."""

    present: bool
    blocked: bool
    blocking: bool
    follows: bool
    requested: bool
    count: int
    needs_approval: bool


def decide_follow(standing: FollowFacts, limit: int) -> FollowResult:
    """Decide whether a follow succeeds, becomes a request or changes nothing.

    Raises `UserNotFound` when either account is gone or the followee blocks the follower, `UserBlocked` when the
    follower blocks the followee, and `FollowLimitReached` when the follower has `limit` follows and requests.
    """
    if not standing.present or standing.blocked:
        raise UserNotFound
    if standing.blocking:
        raise UserBlocked
    if standing.follows or standing.requested:
        return FollowResult.UNCHANGED
    if standing.count >= limit:
        raise FollowLimitReached(limit)
    return FollowResult.REQUESTED if standing.needs_approval else FollowResult.FOLLOWS


def pairs_ended_by_block(blocker: UserId, blocked: UserId) -> tuple[tuple[UserId, UserId], ...]:
    """Return the pairs (follower, followee) whose follow or request a block ends: both directions. SQL: `end_follow` in
    `adapters/postgres/follows.py`."""
    return (blocker, blocked), (blocked, blocker)


def accepts_waiting_requests(user: User) -> bool:
    """Whether a change of the account's privacy to that of `user` accepts all waiting requests. SQL: `_ACCEPT_ALL` in
    `adapters/postgres/users.py`."""
    return not user.approves_followers


class Follows(Protocol):
    """The follows of a unit of work. They update `following_count` and `followers_count`."""

    @abstractmethod
    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> FollowResult:
        """Follow or request to follow, as `decide_follow` decides, also under concurrency. Raises the same errors."""

    @abstractmethod
    async def remove(self, follower: UserId, followee: UserId) -> bool:
        """Unfollow, or withdraw the request. Return False if there was neither."""

    @abstractmethod
    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        """Turn the request into a follow. Return False if there was no request."""

    @abstractmethod
    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        """Delete the request. Return False if there was none."""
