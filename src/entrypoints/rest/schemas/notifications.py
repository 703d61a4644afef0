from typing import Self

from pydantic import Field

from domain.notifications import Kind, Notification
from entrypoints.rest.schemas.shapes import Body, Moment, Out
from entrypoints.rest.schemas.users import UserOut


class NotificationOut(Out):
    """Likes of one post are one: `actors` and `others_count` say whose."""

    id: str
    kind: Kind
    actors: list[UserOut] = Field(description="the newest three at most")
    others_count: int = Field(description="those beside `actors`; nobody is counted beyond a thousand in all")
    post_id: str | None
    comment_id: str | None
    created_at: Moment
    read: bool

    @classmethod
    def of(cls, told: Notification) -> Self:
        return cls(
            id=str(told.id),
            kind=told.kind,
            actors=[UserOut.of(actor) for actor in told.actors],
            others_count=told.others_count,
            post_id=None if told.post_id is None else str(told.post_id),
            comment_id=None if told.comment_id is None else str(told.comment_id),
            created_at=told.created_at,
            read=told.read,
        )


class ReadBody(Body):
    up_to: str = Field(description="the id of a notification: this one and all before it are read")
