from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.visibility import Visibility
from ..types import UNSET, Unset

T = TypeVar("T", bound="PostUpdate")


@_attrs_define
class PostUpdate:
    """Fields that are not sent stay unchanged.

    Attributes:
        text (str | Unset):
        visibility (Visibility | Unset):
        sensitive (bool | Unset):
        warning (None | str | Unset): null removes the warning
    """

    text: str | Unset = UNSET
    visibility: Visibility | Unset = UNSET
    sensitive: bool | Unset = UNSET
    warning: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
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

        field_dict.update({})
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

        post_update = cls(
            text=text,
            visibility=visibility,
            sensitive=sensitive,
            warning=warning,
        )

        return post_update
