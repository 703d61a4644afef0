from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BlocklistImageCreate")


@_attrs_define
class BlocklistImageCreate:
    """
    Attributes:
        image_id (str):
        reason (str): for moderators, 1-1,000 characters
        source (str | Unset): at most 100 characters Default: ''.
    """

    image_id: str
    reason: str
    source: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        image_id = self.image_id

        reason = self.reason

        source = self.source

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "image_id": image_id,
                "reason": reason,
            }
        )
        if source is not UNSET:
            field_dict["source"] = source

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        image_id = d.pop("image_id")

        reason = d.pop("reason")

        source = d.pop("source", UNSET)

        blocklist_image_create = cls(
            image_id=image_id,
            reason=reason,
            source=source,
        )

        return blocklist_image_create
