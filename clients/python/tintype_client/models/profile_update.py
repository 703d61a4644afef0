from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.sensitive_media import SensitiveMedia
from ..models.visibility import Visibility
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.consent_update import ConsentUpdate


T = TypeVar("T", bound="ProfileUpdate")


@_attrs_define
class ProfileUpdate:
    """Fields that are not sent stay unchanged.

    Attributes:
        consent (ConsentUpdate | Unset): Your answer, for new images and old ones.
        display_name (str | Unset):
        bio (str | Unset):
        avatar_image_id (None | str | Unset): one of your images; null removes the avatar
        private (bool | Unset): true: all your posts are for approved followers only, whatever their visibility
        follow_approval (bool | Unset): true: you approve your followers; false accepts all requests, unless the account
            is private
        default_visibility (Visibility | Unset):
        sensitive_media (SensitiveMedia | Unset): How pages show the images of sensitive posts to a user: covered until
            uncovered, or at once.
    """

    consent: ConsentUpdate | Unset = UNSET
    display_name: str | Unset = UNSET
    bio: str | Unset = UNSET
    avatar_image_id: None | str | Unset = UNSET
    private: bool | Unset = UNSET
    follow_approval: bool | Unset = UNSET
    default_visibility: Visibility | Unset = UNSET
    sensitive_media: SensitiveMedia | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        consent: dict[str, Any] | Unset = UNSET
        if not isinstance(self.consent, Unset):
            consent = self.consent.to_dict()

        display_name = self.display_name

        bio = self.bio

        avatar_image_id: None | str | Unset
        if isinstance(self.avatar_image_id, Unset):
            avatar_image_id = UNSET
        else:
            avatar_image_id = self.avatar_image_id

        private = self.private

        follow_approval = self.follow_approval

        default_visibility: str | Unset = UNSET
        if not isinstance(self.default_visibility, Unset):
            default_visibility = self.default_visibility.value

        sensitive_media: str | Unset = UNSET
        if not isinstance(self.sensitive_media, Unset):
            sensitive_media = self.sensitive_media.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if consent is not UNSET:
            field_dict["consent"] = consent
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if bio is not UNSET:
            field_dict["bio"] = bio
        if avatar_image_id is not UNSET:
            field_dict["avatar_image_id"] = avatar_image_id
        if private is not UNSET:
            field_dict["private"] = private
        if follow_approval is not UNSET:
            field_dict["follow_approval"] = follow_approval
        if default_visibility is not UNSET:
            field_dict["default_visibility"] = default_visibility
        if sensitive_media is not UNSET:
            field_dict["sensitive_media"] = sensitive_media

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.consent_update import ConsentUpdate  # noqa: PLC0415

        d = dict(src_dict)
        _consent = d.pop("consent", UNSET)
        consent: ConsentUpdate | Unset
        if isinstance(_consent, Unset):
            consent = UNSET
        else:
            consent = ConsentUpdate.from_dict(_consent)

        display_name = d.pop("display_name", UNSET)

        bio = d.pop("bio", UNSET)

        def _parse_avatar_image_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        avatar_image_id = _parse_avatar_image_id(d.pop("avatar_image_id", UNSET))

        private = d.pop("private", UNSET)

        follow_approval = d.pop("follow_approval", UNSET)

        _default_visibility = d.pop("default_visibility", UNSET)
        default_visibility: Visibility | Unset
        if isinstance(_default_visibility, Unset):
            default_visibility = UNSET
        else:
            default_visibility = Visibility(_default_visibility)

        _sensitive_media = d.pop("sensitive_media", UNSET)
        sensitive_media: SensitiveMedia | Unset
        if isinstance(_sensitive_media, Unset):
            sensitive_media = UNSET
        else:
            sensitive_media = SensitiveMedia(_sensitive_media)

        profile_update = cls(
            consent=consent,
            display_name=display_name,
            bio=bio,
            avatar_image_id=avatar_image_id,
            private=private,
            follow_approval=follow_approval,
            default_visibility=default_visibility,
            sensitive_media=sensitive_media,
        )

        return profile_update
