from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProfileUpdate")


@_attrs_define
class ProfileUpdate:
    """Fields that are not sent stay unchanged.

    Attributes:
        display_name (str | Unset):
        bio (str | Unset):
        avatar_image_id (None | str | Unset): one of your images; null removes the avatar
        private (bool | Unset): true: only approved followers see your posts; changing to false accepts all follow
            requests
    """

    display_name: str | Unset = UNSET
    bio: str | Unset = UNSET
    avatar_image_id: None | str | Unset = UNSET
    private: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        bio = self.bio

        avatar_image_id: None | str | Unset
        if isinstance(self.avatar_image_id, Unset):
            avatar_image_id = UNSET
        else:
            avatar_image_id = self.avatar_image_id

        private = self.private

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if bio is not UNSET:
            field_dict["bio"] = bio
        if avatar_image_id is not UNSET:
            field_dict["avatar_image_id"] = avatar_image_id
        if private is not UNSET:
            field_dict["private"] = private

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
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

        profile_update = cls(
            display_name=display_name,
            bio=bio,
            avatar_image_id=avatar_image_id,
            private=private,
        )

        return profile_update
