from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tag_source import TagSource

T = TypeVar("T", bound="Tag")


@_attrs_define
class Tag:
    """
    Attributes:
        tag (str): the most frequent spelling
        posts_count (int): public posts, counted up to 1,000
        said_by (list[TagSource]):
    """

    tag: str
    posts_count: int
    said_by: list[TagSource]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        tag = self.tag

        posts_count = self.posts_count

        said_by = []
        for said_by_item_data in self.said_by:
            said_by_item = said_by_item_data.value
            said_by.append(said_by_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "tag": tag,
                "posts_count": posts_count,
                "said_by": said_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        tag = d.pop("tag")

        posts_count = d.pop("posts_count")

        said_by = []
        _said_by = d.pop("said_by")
        for said_by_item_data in _said_by:
            said_by_item = TagSource(said_by_item_data)

            said_by.append(said_by_item)

        tag = cls(
            tag=tag,
            posts_count=posts_count,
            said_by=said_by,
        )

        tag.additional_properties = d
        return tag

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
