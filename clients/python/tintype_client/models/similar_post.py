from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.post import Post


T = TypeVar("T", bound="SimilarPost")


@_attrs_define
class SimilarPost:
    """A post, and its most similar image.

    Attributes:
        post (Post):
        image_id (str):
        distance (float): cosine distance of the embeddings: 0 for equal, 1 for unrelated images
    """

    post: Post
    image_id: str
    distance: float
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        post = self.post.to_dict()

        image_id = self.image_id

        distance = self.distance

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "post": post,
                "image_id": image_id,
                "distance": distance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.post import Post  # noqa: PLC0415

        d = dict(src_dict)
        post = Post.from_dict(d.pop("post"))

        image_id = d.pop("image_id")

        distance = d.pop("distance")

        similar_post = cls(
            post=post,
            image_id=image_id,
            distance=distance,
        )

        similar_post.additional_properties = d
        return similar_post

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
