from typing import Annotated, Self

from pydantic import Field

from domain import notifications
from domain.notifications import NotificationKind
from entrypoints.http.schemas import Body, Id, Out, Timestamp
from entrypoints.rest.schemas.users import User


class Notification(Out):
    """A notification. The likes of one post are grouped: `actors` and `others_count` state who liked it."""

    id: Id
    kind: NotificationKind
    actors: Annotated[list[User], Field(description="the newest three at most")]
    others_count: Annotated[int, Field(description="further actors, up to 1,000 in total")]
    post_id: Id | None
    comment_id: Id | None
    created_at: Timestamp
    read: bool

    @classmethod
    def of(cls, notification: notifications.Notification) -> Self:
        return cls(
            id=notification.id,
            kind=notification.kind,
            actors=[User.of(actor) for actor in notification.actors],
            others_count=notification.others_count,
            post_id=notification.post_id,
            comment_id=notification.comment_id,
            created_at=notification.created_at,
            read=notification.read,
        )


class ReadPosition(Body):
    up_to: str = Field(description="the id of a notification: this one and all before it are read")
