"""Likes: one for each user and post, counted exactly."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.ids import NotificationId, PostId, UserId


@dataclass(frozen=True, slots=True)
class LikeState:
    """The count of a post after a like or unlike, and whether this user likes it."""

    like_count: int
    liked: bool


class Likes(Protocol):
    """Likes. Each is a transaction of its own or shares one with concurrent likes, and is durable when the call
    returns. They update the post's `like_count` and trending key."""

    @abstractmethod
    async def add(
        self, post_id: PostId, user_id: UserId, now: datetime, notification_id: NotificationId
    ) -> LikeState | None:
        """Like a post; idempotent. The author is notified under that id, or in an existing unread group. Return None
        when the post is absent or hidden from this user, or the user's account was deleted meanwhile."""

    @abstractmethod
    async def remove(self, post_id: PostId, user_id: UserId) -> LikeState | None:
        """Remove the like; idempotent. This includes likes of posts that are now hidden from the user. Return None when
        the post is absent, or hidden and not liked."""
