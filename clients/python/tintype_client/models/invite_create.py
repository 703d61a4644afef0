from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="InviteCreate")


@_attrs_define
class InviteCreate:
    """
    Attributes:
        max_uses (int | Unset): 1-1,000 Default: 1.
        days (int | Unset): 1-365 Default: 7.
    """

    max_uses: int | Unset = 1
    days: int | Unset = 7

    def to_dict(self) -> dict[str, Any]:
        max_uses = self.max_uses

        days = self.days

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if max_uses is not UNSET:
            field_dict["max_uses"] = max_uses
        if days is not UNSET:
            field_dict["days"] = days

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        max_uses = d.pop("max_uses", UNSET)

        days = d.pop("days", UNSET)

        invite_create = cls(
            max_uses=max_uses,
            days=days,
        )

        return invite_create
