from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verdict import Verdict

T = TypeVar("T", bound="Label")


@_attrs_define
class Label:
    """
    Attributes:
        key (str): WordNet id, or the key of a broader word
        name (str):
        class_index (int | None): 0-999 in ILSVRC order; null for a broader word
        score (float): calibrated probability
        tags (list[str]): everyday words, from the narrowest to the most general
        verdict (None | Verdict):
    """

    key: str
    name: str
    class_index: int | None
    score: float
    tags: list[str]
    verdict: None | Verdict
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        key = self.key

        name = self.name

        class_index: int | None
        class_index = self.class_index

        score = self.score

        tags = self.tags

        verdict: None | str
        if isinstance(self.verdict, Verdict):
            verdict = self.verdict.value
        else:
            verdict = self.verdict

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "key": key,
                "name": name,
                "class_index": class_index,
                "score": score,
                "tags": tags,
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        key = d.pop("key")

        name = d.pop("name")

        def _parse_class_index(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        class_index = _parse_class_index(d.pop("class_index"))

        score = d.pop("score")

        tags = cast(list[str], d.pop("tags"))

        def _parse_verdict(data: object) -> None | Verdict:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                verdict_type_0 = Verdict(data)

                return verdict_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Verdict, data)

        verdict = _parse_verdict(d.pop("verdict"))

        label = cls(
            key=key,
            name=name,
            class_index=class_index,
            score=score,
            tags=tags,
            verdict=verdict,
        )

        label.additional_properties = d
        return label

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
