from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="ScoreParts")


@_attrs_define
class ScoreParts:
    """The parts of the score.

    Attributes:
        likes (int):
        age_seconds (float):
        half_life_seconds (float | None | Unset): null where age is not used
    """

    likes: int
    age_seconds: float
    half_life_seconds: float | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        likes = self.likes

        age_seconds = self.age_seconds

        half_life_seconds: float | None | Unset
        if isinstance(self.half_life_seconds, Unset):
            half_life_seconds = UNSET
        else:
            half_life_seconds = self.half_life_seconds

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "likes": likes,
                "age_seconds": age_seconds,
            }
        )
        if half_life_seconds is not UNSET:
            field_dict["half_life_seconds"] = half_life_seconds

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        likes = d.pop("likes")

        age_seconds = d.pop("age_seconds")

        def _parse_half_life_seconds(data: object) -> float | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(float | None | Unset, data)

        half_life_seconds = _parse_half_life_seconds(d.pop("half_life_seconds", UNSET))

        score_parts = cls(
            likes=likes,
            age_seconds=age_seconds,
            half_life_seconds=half_life_seconds,
        )

        score_parts.additional_properties = d
        return score_parts

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
