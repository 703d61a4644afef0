from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.notification_kind import NotificationKind

if TYPE_CHECKING:
    from ..models.user import User


T = TypeVar("T", bound="Notification")


@_attrs_define
class Notification:
    """A notification. The likes of one post are grouped: `actors` and `others_count` state who liked it.

    Attributes:
        id (str):
        kind (NotificationKind):
        actors (list[User]): the newest three at most
        others_count (int): further actors, up to 1,000 in total
        post_id (None | str):
        comment_id (None | str):
        created_at (datetime.datetime):
        read (bool):
    """

    id: str
    kind: NotificationKind
    actors: list[User]
    others_count: int
    post_id: None | str
    comment_id: None | str
    created_at: datetime.datetime
    read: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        actors = []
        for actors_item_data in self.actors:
            actors_item = actors_item_data.to_dict()
            actors.append(actors_item)

        others_count = self.others_count

        post_id: None | str
        post_id = self.post_id

        comment_id: None | str
        comment_id = self.comment_id

        created_at = self.created_at.isoformat()

        read = self.read

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "actors": actors,
                "others_count": others_count,
                "post_id": post_id,
                "comment_id": comment_id,
                "created_at": created_at,
                "read": read,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.user import User  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = NotificationKind(d.pop("kind"))

        actors = []
        _actors = d.pop("actors")
        for actors_item_data in _actors:
            actors_item = User.from_dict(actors_item_data)

            actors.append(actors_item)

        others_count = d.pop("others_count")

        def _parse_post_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        post_id = _parse_post_id(d.pop("post_id"))

        def _parse_comment_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        comment_id = _parse_comment_id(d.pop("comment_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        read = d.pop("read")

        notification = cls(
            id=id,
            kind=kind,
            actors=actors,
            others_count=others_count,
            post_id=post_id,
            comment_id=comment_id,
            created_at=created_at,
            read=read,
        )

        notification.additional_properties = d
        return notification

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
