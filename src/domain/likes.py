"""Likes: one a person a post, counted exactly."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ids import NotificationId, PostId, UserId


@dataclass(frozen=True, slots=True)
class LikeState:
    """How a post stands after a like or unlike: its count, and whether this person's like is on it."""

    like_count: int
    liked: bool


class Likes(Protocol):
    """Each like is a transaction of its own, or shares one with others that come at the same time: after the answer it
    survives a power cut. The post's `like_count` and trending key move with the row."""

    @abstractmethod
    async def add(
        self, post_id: PostId, user_id: UserId, now: datetime, notification_id: NotificationId
    ) -> LikeState | None:
        """Like; idempotent. The post's author is told of it, under that id or in the group that stands unread. None
        when the post is absent or hidden from this person, or the person has just gone."""

    @abstractmethod
    async def remove(self, post_id: PostId, user_id: UserId) -> LikeState | None:
        """Take the like back; idempotent. Also one on a post that has been hidden from this person since. None when the
        post is absent, or hidden and not liked."""
