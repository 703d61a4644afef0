from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.visibility import Visibility
from ..types import UNSET, Unset

T = TypeVar("T", bound="PostCreate")


@_attrs_define
class PostCreate:
    """
    Attributes:
        image_ids (list[str]): 1-10 of your images, each in no post yet
        text (str | Unset): at most 2,200 characters, unless the operator set another limit Default: ''.
        visibility (Visibility | Unset):
    """

    image_ids: list[str]
    text: str | Unset = ""
    visibility: Visibility | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        image_ids = self.image_ids

        text = self.text

        visibility: str | Unset = UNSET
        if not isinstance(self.visibility, Unset):
            visibility = self.visibility.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "image_ids": image_ids,
            }
        )
        if text is not UNSET:
            field_dict["text"] = text
        if visibility is not UNSET:
            field_dict["visibility"] = visibility

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        image_ids = cast(list[str], d.pop("image_ids"))

        text = d.pop("text", UNSET)

        _visibility = d.pop("visibility", UNSET)
        visibility: Visibility | Unset
        if isinstance(_visibility, Unset):
            visibility = UNSET
        else:
            visibility = Visibility(_visibility)

        post_create = cls(
            image_ids=image_ids,
            text=text,
            visibility=visibility,
        )

        return post_create
