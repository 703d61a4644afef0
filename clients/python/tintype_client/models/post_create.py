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
        sensitive (bool | Unset): cover the images until the reader uncovers them Default: False.
        warning (None | str | Unset): why the post is sensitive, 1-200 characters; implies `sensitive`
    """

    image_ids: list[str]
    text: str | Unset = ""
    visibility: Visibility | Unset = UNSET
    sensitive: bool | Unset = False
    warning: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        image_ids = self.image_ids

        text = self.text

        visibility: str | Unset = UNSET
        if not isinstance(self.visibility, Unset):
            visibility = self.visibility.value

        sensitive = self.sensitive

        warning: None | str | Unset
        if isinstance(self.warning, Unset):
            warning = UNSET
        else:
            warning = self.warning

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
        if sensitive is not UNSET:
            field_dict["sensitive"] = sensitive
        if warning is not UNSET:
            field_dict["warning"] = warning

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

        sensitive = d.pop("sensitive", UNSET)

        def _parse_warning(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        warning = _parse_warning(d.pop("warning", UNSET))

        post_create = cls(
            image_ids=image_ids,
            text=text,
            visibility=visibility,
            sensitive=sensitive,
            warning=warning,
        )

        return post_create
