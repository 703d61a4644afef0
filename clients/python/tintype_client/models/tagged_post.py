from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.tag_source import TagSource

if TYPE_CHECKING:
    from ..models.post import Post


T = TypeVar("T", bound="TaggedPost")


@_attrs_define
class TaggedPost:
    """
    Attributes:
        post (Post):
        said_by (list[TagSource]): the source of the tag: the author's text, or a model
    """

    post: Post
    said_by: list[TagSource]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        post = self.post.to_dict()

        said_by = []
        for said_by_item_data in self.said_by:
            said_by_item = said_by_item_data.value
            said_by.append(said_by_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "post": post,
                "said_by": said_by,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.post import Post  # noqa: PLC0415

        d = dict(src_dict)
        post = Post.from_dict(d.pop("post"))

        said_by = []
        _said_by = d.pop("said_by")
        for said_by_item_data in _said_by:
            said_by_item = TagSource(said_by_item_data)

            said_by.append(said_by_item)

        tagged_post = cls(
            post=post,
            said_by=said_by,
        )

        tagged_post.additional_properties = d
        return tagged_post

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
