"""Notifications: what others did that concerns one person."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from domain.ids import CommentId, NotificationId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile

MAX_ACTORS = 3
MAX_COUNTED = 1_000
"""Likes of a group, and unread notifications, are counted so far."""
GROUP_COOLDOWN = timedelta(seconds=10)
"""An unread group of likes comes up anew no sooner than this after the last time."""
MAX_COMMIT_LAG = timedelta(seconds=10)
"""A notification may be committed this much later than one whose id is higher."""


class NotificationKind(StrEnum):
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    LIKE = "like"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class NotificationEvent:
    """What happened, before it is told: `actor` did it, and it concerns `user_id`."""

    id: NotificationId
    user_id: UserId
    kind: NotificationKind
    actor: UserId
    created_at: datetime
    post_id: PostId | None = None
    comment_id: CommentId | None = None

    def has_same_subject(self, other: "NotificationEvent") -> bool:
        """Whether the two are one notification. SQL: the unique indexes of `notifications`."""
        if self.kind is not other.kind or self.user_id != other.user_id:
            return False
        match self.kind:
            case NotificationKind.LIKE:
                return self.post_id == other.post_id
            case NotificationKind.COMMENT:
                return self.comment_id == other.comment_id
            case _:
                return self.actor == other.actor


@dataclass(frozen=True, slots=True)
class NotificationGroup:
    """What is stored of one notification: the newest notice that raised it. Of likes it holds those `since` then."""

    newest: NotificationEvent
    since: datetime

    def extend(self, event: NotificationEvent, read_up_to: NotificationId | None) -> "NotificationGroup | None":
        """The group after one more notice about the same; None where the recipient need not hear of it: everything but
        likes is told once, and an unread group of likes comes up at most every `GROUP_COOLDOWN`. A group that was read
        starts anew. SQL: `ADD_LIKES` in `adapters/postgres/notifications.py`."""
        if event.kind is not NotificationKind.LIKE:
            return None
        if read_up_to is not None and self.newest.id <= read_up_to:
            return NotificationGroup(event, event.created_at)
        if self.newest.created_at > event.created_at - GROUP_COOLDOWN:
            return None
        return NotificationGroup(event, min(self.since, event.created_at))


@dataclass(frozen=True, slots=True)
class Notification:
    """As it stands now. Likes of one post are one notification: `actors` are the newest, at most `MAX_ACTORS`, and
    `others_count` those beside them, up to `MAX_COUNTED` in all."""

    id: NotificationId
    kind: NotificationKind
    actors: tuple[Profile, ...]
    others_count: int
    created_at: datetime
    read: bool
    post_id: PostId | None = None
    comment_id: CommentId | None = None


class Notifications(Protocol):
    """The notices of a unit of work. (A like brings its own, see `Likes`.)"""

    @abstractmethod
    async def add(self, event: NotificationEvent) -> None:
        """Tell of it once: a repeated follow or request is told of the first time only. Subscribers are woken when the
        unit of work is committed."""


class NotificationReader(Protocol):
    """What a person is told, without what has been undone since (an unlike, an unfollow, a deleted comment), and
    without people whom they block or mute or who block them. Reads stand outside any unit of work."""

    @abstractmethod
    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        """Newest first. A group of likes moves up when another comes: an unread one at most every `GROUP_COOLDOWN`, and
        with all its likes; one that was read starts anew."""

    @abstractmethod
    async def since(self, user_id: UserId, after: NotificationId, limit: int) -> Sequence[Notification]:
        """Those with a higher id, the oldest of them first."""

    @abstractmethod
    async def newest_id(self, user_id: UserId) -> NotificationId | None:
        """The highest id there is."""

    @abstractmethod
    async def unread_count(self, user_id: UserId) -> int:
        """`MAX_COUNTED` at most."""

    @abstractmethod
    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        """Those up to this id are read from now on; never unread again."""


Wait = Callable[[float], Awaitable[bool]]
"""True as soon as there may be something new, False after so many seconds without it."""


class Subscriptions(Protocol):
    """Wake those who wait, in any process, when somebody has a new notification."""

    @abstractmethod
    def subscribe(self, user_id: UserId) -> AbstractAsyncContextManager[Wait]:
        """While it is open, a committed notification to that person ends a wait. If a signal gets lost, a later one
        within seconds makes up for it, so that nobody has to look without one. Raises `Unavailable`."""


def earlier_id(notification_id: NotificationId, by: timedelta) -> NotificationId:
    """The lowest id (UUIDv7: its first 48 bits are milliseconds) that was made so much earlier."""
    milliseconds = max(0, (notification_id.int >> 80) - int(by.total_seconds() * 1000))
    return NotificationId(UUID(int=milliseconds << 80))
