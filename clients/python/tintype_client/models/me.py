from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.sensitive_media import SensitiveMedia
from ..models.visibility import Visibility

if TYPE_CHECKING:
    from ..models.avatar import Avatar
    from ..models.caption_consent import CaptionConsent
    from ..models.relation import Relation


T = TypeVar("T", bound="Me")


@_attrs_define
class Me:
    """
    Attributes:
        id (str):
        username (str):
        display_name (str):
        bio (str):
        avatar (Avatar | None):
        private (bool):
        created_at (datetime.datetime):
        followers_count (int):
        following_count (int):
        posts_count (int):
        viewer (None | Relation): null when nobody is signed in
        email (str):
        email_verified (bool): whether a link that was sent to the address was used
        pending_email (None | str): the new address, while a change waits for confirmation
        role (str):
        state (str): active, or pending while the sign-up waits for approval
        unread_notifications (int): counted up to 1,000
        follow_approval (bool): whether you approve your followers
        default_visibility (Visibility):
        sensitive_media (SensitiveMedia): How pages show the images of sensitive posts to a user: covered until
            uncovered, or at once.
        consent (CaptionConsent): Who may describe your images. While `decided_at` is null, nothing leaves the server.
    """

    id: str
    username: str
    display_name: str
    bio: str
    avatar: Avatar | None
    private: bool
    created_at: datetime.datetime
    followers_count: int
    following_count: int
    posts_count: int
    viewer: None | Relation
    email: str
    email_verified: bool
    pending_email: None | str
    role: str
    state: str
    unread_notifications: int
    follow_approval: bool
    default_visibility: Visibility
    sensitive_media: SensitiveMedia
    consent: CaptionConsent
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.avatar import Avatar  # noqa: PLC0415
        from ..models.relation import Relation  # noqa: PLC0415

        id = self.id

        username = self.username

        display_name = self.display_name

        bio = self.bio

        avatar: dict[str, Any] | None
        if isinstance(self.avatar, Avatar):
            avatar = self.avatar.to_dict()
        else:
            avatar = self.avatar

        private = self.private

        created_at = self.created_at.isoformat()

        followers_count = self.followers_count

        following_count = self.following_count

        posts_count = self.posts_count

        viewer: dict[str, Any] | None
        if isinstance(self.viewer, Relation):
            viewer = self.viewer.to_dict()
        else:
            viewer = self.viewer

        email = self.email

        email_verified = self.email_verified

        pending_email: None | str
        pending_email = self.pending_email

        role = self.role

        state = self.state

        unread_notifications = self.unread_notifications

        follow_approval = self.follow_approval

        default_visibility = self.default_visibility.value

        sensitive_media = self.sensitive_media.value

        consent = self.consent.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "username": username,
                "display_name": display_name,
                "bio": bio,
                "avatar": avatar,
                "private": private,
                "created_at": created_at,
                "followers_count": followers_count,
                "following_count": following_count,
                "posts_count": posts_count,
                "viewer": viewer,
                "email": email,
                "email_verified": email_verified,
                "pending_email": pending_email,
                "role": role,
                "state": state,
                "unread_notifications": unread_notifications,
                "follow_approval": follow_approval,
                "default_visibility": default_visibility,
                "sensitive_media": sensitive_media,
                "consent": consent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.avatar import Avatar  # noqa: PLC0415
        from ..models.caption_consent import CaptionConsent  # noqa: PLC0415
        from ..models.relation import Relation  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        username = d.pop("username")

        display_name = d.pop("display_name")

        bio = d.pop("bio")

        def _parse_avatar(data: object) -> Avatar | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                avatar_type_0 = Avatar.from_dict(data)

                return avatar_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Avatar | None, data)

        avatar = _parse_avatar(d.pop("avatar"))

        private = d.pop("private")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        followers_count = d.pop("followers_count")

        following_count = d.pop("following_count")

        posts_count = d.pop("posts_count")

        def _parse_viewer(data: object) -> None | Relation:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                viewer_type_0 = Relation.from_dict(data)

                return viewer_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Relation, data)

        viewer = _parse_viewer(d.pop("viewer"))

        email = d.pop("email")

        email_verified = d.pop("email_verified")

        def _parse_pending_email(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        pending_email = _parse_pending_email(d.pop("pending_email"))

        role = d.pop("role")

        state = d.pop("state")

        unread_notifications = d.pop("unread_notifications")

        follow_approval = d.pop("follow_approval")

        default_visibility = Visibility(d.pop("default_visibility"))

        sensitive_media = SensitiveMedia(d.pop("sensitive_media"))

        consent = CaptionConsent.from_dict(d.pop("consent"))

        me = cls(
            id=id,
            username=username,
            display_name=display_name,
            bio=bio,
            avatar=avatar,
            private=private,
            created_at=created_at,
            followers_count=followers_count,
            following_count=following_count,
            posts_count=posts_count,
            viewer=viewer,
            email=email,
            email_verified=email_verified,
            pending_email=pending_email,
            role=role,
            state=state,
            unread_notifications=unread_notifications,
            follow_approval=follow_approval,
            default_visibility=default_visibility,
            sensitive_media=sensitive_media,
            consent=consent,
        )

        me.additional_properties = d
        return me

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
