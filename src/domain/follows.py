"""Follows: whose posts make up my feed."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from domain.errors import Invalid
from domain.ids import UserId


class CannotFollowSelf(Invalid):
    code = "cannot_follow_self"


class FollowLimit(Invalid):
    code = "follow_limit"

    def __init__(self, limit: int) -> None:
        super().__init__(f"nobody follows more than {limit} people; unfollow somebody first", limit=limit)


class Follows(Protocol):
    """The follows of a unit of work. `following_count` and `followers_count` move with the row."""

    @abstractmethod
    async def add(self, follower: UserId, followee: UserId, now: datetime, limit: int) -> bool:
        """Follow; False when it already stood. Raises `FollowLimit` rather than let anybody follow more than `limit`,
        also when many follows race, and `UserNotFound` when either account has just gone."""

    @abstractmethod
    async def remove(self, follower: UserId, followee: UserId) -> bool:
        """Unfollow; False when there was nothing to undo."""
