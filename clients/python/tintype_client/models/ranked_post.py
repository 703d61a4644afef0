from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.post import Post
    from ..models.score_parts import ScoreParts


T = TypeVar("T", bound="RankedPost")


@_attrs_define
class RankedPost:
    """
    Attributes:
        rank (int): from 1, over the whole list
        score (float):
        why (ScoreParts): The parts of the score.
        post (Post):
    """

    rank: int
    score: float
    why: ScoreParts
    post: Post
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        rank = self.rank

        score = self.score

        why = self.why.to_dict()

        post = self.post.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "rank": rank,
                "score": score,
                "why": why,
                "post": post,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.post import Post  # noqa: PLC0415
        from ..models.score_parts import ScoreParts  # noqa: PLC0415

        d = dict(src_dict)
        rank = d.pop("rank")

        score = d.pop("score")

        why = ScoreParts.from_dict(d.pop("why"))

        post = Post.from_dict(d.pop("post"))

        ranked_post = cls(
            rank=rank,
            score=score,
            why=why,
            post=post,
        )

        ranked_post.additional_properties = d
        return ranked_post

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
