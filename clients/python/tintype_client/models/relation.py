from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="Relation")


@_attrs_define
class Relation:
    """The relation of the caller to this user.

    Attributes:
        follows (bool):
        followed_by (bool):
        requested (bool):
        blocking (bool):
        muting (bool):
    """

    follows: bool
    followed_by: bool
    requested: bool
    blocking: bool
    muting: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        follows = self.follows

        followed_by = self.followed_by

        requested = self.requested

        blocking = self.blocking

        muting = self.muting

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "follows": follows,
                "followed_by": followed_by,
                "requested": requested,
                "blocking": blocking,
                "muting": muting,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        follows = d.pop("follows")

        followed_by = d.pop("followed_by")

        requested = d.pop("requested")

        blocking = d.pop("blocking")

        muting = d.pop("muting")

        relation = cls(
            follows=follows,
            followed_by=followed_by,
            requested=requested,
            blocking=blocking,
            muting=muting,
        )

        relation.additional_properties = d
        return relation

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
