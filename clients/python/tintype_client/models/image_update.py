from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ImageUpdate")


@_attrs_define
class ImageUpdate:
    """Either `alt_text`, your own text (null removes it; both answer the suggestion), or `suggestion: null`, which
    rejects the suggestion.

        Attributes:
            alt_text (None | str | Unset): 1-1,500 characters
            based_on_suggestion (bool | Unset):
            suggestion (None | Unset):
    """

    alt_text: None | str | Unset = UNSET
    based_on_suggestion: bool | Unset = UNSET
    suggestion: None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        alt_text: None | str | Unset
        if isinstance(self.alt_text, Unset):
            alt_text = UNSET
        else:
            alt_text = self.alt_text

        based_on_suggestion = self.based_on_suggestion

        suggestion = self.suggestion

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if alt_text is not UNSET:
            field_dict["alt_text"] = alt_text
        if based_on_suggestion is not UNSET:
            field_dict["based_on_suggestion"] = based_on_suggestion
        if suggestion is not UNSET:
            field_dict["suggestion"] = suggestion

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_alt_text(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        alt_text = _parse_alt_text(d.pop("alt_text", UNSET))

        based_on_suggestion = d.pop("based_on_suggestion", UNSET)

        suggestion = d.pop("suggestion", UNSET)

        image_update = cls(
            alt_text=alt_text,
            based_on_suggestion=based_on_suggestion,
            suggestion=suggestion,
        )

        return image_update
