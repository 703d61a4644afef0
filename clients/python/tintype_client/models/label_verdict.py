from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.verdict import Verdict

T = TypeVar("T", bound="LabelVerdict")


@_attrs_define
class LabelVerdict:
    """
    Attributes:
        verdict (Verdict): The owner's verdict on a label.
    """

    verdict: Verdict

    def to_dict(self) -> dict[str, Any]:
        verdict = self.verdict.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "verdict": verdict,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        verdict = Verdict(d.pop("verdict"))

        label_verdict = cls(
            verdict=verdict,
        )

        return label_verdict
