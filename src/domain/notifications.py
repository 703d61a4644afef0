"""Notifications: actions of other users that concern one user."""

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
"""The maximum count of the likes in a group, and of unread notifications."""
GROUP_COOLDOWN = timedelta(seconds=10)
"""The minimum time after which an unread group of likes moves to the top again."""
MAX_COMMIT_LAG = timedelta(seconds=10)
"""The maximum delay between the commits of two notifications in the wrong order of their ids."""


class NotificationKind(StrEnum):
    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    LIKE = "like"
    COMMENT = "comment"
    DECISION = "decision"
    """A moderator decided about the recipient or their content. Moderators stay anonymous: there is no actor."""


@dataclass(frozen=True, slots=True)
class NotificationEvent:
    """An event to be notified of: `actor` caused it, and it concerns `user_id`. The actor of a decision is recorded as
    the recipient."""

    id: NotificationId
    user_id: UserId
    kind: NotificationKind
    actor: UserId
    created_at: datetime
    post_id: PostId | None = None
    comment_id: CommentId | None = None

    @property
    def is_own_action(self) -> bool:
        """Whether the recipient caused the event. Nobody is notified of their own action. SQL: `ADD_LIKES` in
        `adapters/postgres/notifications.py`."""
        return self.actor == self.user_id

    def has_same_subject(self, other: "NotificationEvent") -> bool:
        """Whether both events belong to one notification. SQL: the unique indexes of `notifications`."""
        if self.kind is not other.kind or self.user_id != other.user_id:
            return False
        match self.kind:
            case NotificationKind.LIKE:
                return self.post_id == other.post_id
            case NotificationKind.COMMENT:
                return self.comment_id == other.comment_id
            case NotificationKind.DECISION:
                return self.id == other.id
            case _:
                return self.actor == other.actor


def decision_notice(event_id: NotificationId, user_id: UserId, now: datetime) -> NotificationEvent:
    """Return the event that tells a user of a decision about them, or of the outcome of their appeal."""
    return NotificationEvent(event_id, user_id, NotificationKind.DECISION, user_id, now)


@dataclass(frozen=True, slots=True)
class NotificationGroup:
    """The stored state of one notification: the newest event that raised it. A group of likes contains those from
    `since` on."""

    newest: NotificationEvent
    since: datetime

    def extend(self, event: NotificationEvent, read_up_to: NotificationId | None) -> "NotificationGroup | None":
        """Return the group after another event with the same subject, or None if the recipient is not notified again.
        Only likes are notified repeatedly, and an unread group of likes moves up at most every `GROUP_COOLDOWN`. A
        group that was read starts again. SQL: `ADD_LIKES` in `adapters/postgres/notifications.py`."""
        if event.kind is not NotificationKind.LIKE:
            return None
        if read_up_to is not None and self.newest.id <= read_up_to:
            return NotificationGroup(event, event.created_at)
        if self.newest.created_at > event.created_at - GROUP_COOLDOWN:
            return None
        return NotificationGroup(event, min(self.since, event.created_at))


@dataclass(frozen=True, slots=True)
class Notification:
    """The current state of a notification. Likes of one post share one notification: `actors` are the newest, at most
    `MAX_ACTORS`. `others_count` is the number of further ones, up to `MAX_COUNTED` in total."""

    id: NotificationId
    kind: NotificationKind
    actors: tuple[Profile, ...]
    others_count: int
    created_at: datetime
    read: bool
    post_id: PostId | None = None
    comment_id: CommentId | None = None


class Notifications(Protocol):
    """The notifications of a unit of work. Likes add their own, see `Likes`."""

    @abstractmethod
    async def add(self, event: NotificationEvent) -> None:
        """Store an event. A repeated follow or request is notified only once. Subscribers are woken when the unit of
        work commits."""

    @abstractmethod
    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        """Mark notifications up to this id as read, permanently."""


class NotificationReader(Protocol):
    """A user's notifications, without undone actions (an unlike, an unfollow, a deleted or hidden comment) and without
    users who are suspended, separated from the recipient by a block, or muted by them. Reads run outside any unit of
    work."""

    @abstractmethod
    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        """Return notifications, newest first. A further like moves a group up: an unread group keeps all its likes and
        moves at most every `GROUP_COOLDOWN`; a group that was read starts again."""

    @abstractmethod
    async def since(self, user_id: UserId, after: NotificationId, limit: int) -> Sequence[Notification]:
        """Return notifications with a higher id, oldest first."""

    @abstractmethod
    async def newest_id(self, user_id: UserId) -> NotificationId | None:
        """Return the highest id."""

    @abstractmethod
    async def unread_count(self, user_id: UserId) -> int:
        """Return the number of unread notifications, at most `MAX_COUNTED`."""


Wait = Callable[[float], Awaitable[bool]]
"""Waits for at most the given number of seconds. Returns True as soon as there may be a new notification, otherwise
False."""


class Subscriptions(Protocol):
    """Wakes waiting subscribers in any process when a user gets a notification."""

    @abstractmethod
    def subscribe(self, user_id: UserId) -> AbstractAsyncContextManager[Wait]:
        """Subscribe to a user's notifications. While the subscription is open, a committed notification ends a wait. A
        lost signal is repeated within seconds, so no polling is needed. Raises `Unavailable`."""


def earlier_id(notification_id: NotificationId, by: timedelta) -> NotificationId:
    """Return the lowest id created that much earlier (the first 48 bits of a UUIDv7 are milliseconds)."""
    milliseconds = max(0, (notification_id.int >> 80) - int(by.total_seconds() * 1000))
    return NotificationId(UUID(int=milliseconds << 80))
