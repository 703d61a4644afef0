"""Follows: whose posts make up my feed. A private account is asked first."""

from abc import abstractmethod
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import Invalid
from domain.ids import UserId


class CannotFollowSelf(Invalid):
    code = "cannot_follow_self"


class FollowLimit(Invalid):
    code = "follow_limit"

    def __init__(self, limit: int) -> None:
        detail = f"nobody follows more than {limit} people, requests included; unfollow somebody first"
        super().__init__(detail, limit=limit)


class Followed(StrEnum):
    """What came of an attempt to follow."""

    FOLLOWS = "follows"
    REQUESTED = "requested"
    UNCHANGED = "unchanged"


class Follows(Protocol):
    """The follows of a unit of work. `following_count` and `followers_count` move with the row."""

    @abstractmethod
    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> Followed:
        """Follow, or ask a private account for it; `UNCHANGED` when either already stood. Raises `FollowLimit` rather
        than let anybody follow and ask more than `limit`, also when many follows race; `Blocking` when the follower
        blocks the other; `UserNotFound` when the other blocks them, or either account has just gone."""

    @abstractmethod
    async def remove(self, follower: UserId, followee: UserId) -> bool:
        """Unfollow, or take the request back; False when there was nothing to undo."""

    @abstractmethod
    async def accept(self, follower: UserId, followee: UserId, now: datetime) -> bool:
        """Make the request a follow; False when there is none."""

    @abstractmethod
    async def refuse(self, follower: UserId, followee: UserId) -> bool:
        """Drop the request; False when there is none."""
