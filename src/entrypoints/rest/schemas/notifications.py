from typing import Self

from pydantic import Field

from domain import notifications
from domain.notifications import NotificationKind
from entrypoints.http.schemas import Body, Out, Timestamp
from entrypoints.rest.schemas.users import User


class Notification(Out):
    """A notification. The likes of one post are grouped: `actors` and `others_count` state who liked it."""

    id: str
    kind: NotificationKind
    actors: list[User] = Field(description="the newest three at most")
    others_count: int = Field(description="further actors, up to 1,000 in total")
    post_id: str | None
    comment_id: str | None
    created_at: Timestamp
    read: bool

    @classmethod
    def of(cls, notification: notifications.Notification) -> Self:
        return cls(
            id=str(notification.id),
            kind=notification.kind,
            actors=[User.of(actor) for actor in notification.actors],
            others_count=notification.others_count,
            post_id=None if notification.post_id is None else str(notification.post_id),
            comment_id=None if notification.comment_id is None else str(notification.comment_id),
            created_at=notification.created_at,
            read=notification.read,
        )


class ReadPosition(Body):
    up_to: str = Field(description="the id of a notification: this one and all before it are read")
