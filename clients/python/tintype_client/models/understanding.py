from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.analysis_task import AnalysisTask


T = TypeVar("T", bound="Understanding")


@_attrs_define
class Understanding:
    """
    Attributes:
        classification (AnalysisTask):
        caption (AnalysisTask):
    """

    classification: AnalysisTask
    caption: AnalysisTask
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        classification = self.classification.to_dict()

        caption = self.caption.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "classification": classification,
                "caption": caption,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.analysis_task import AnalysisTask  # noqa: PLC0415

        d = dict(src_dict)
        classification = AnalysisTask.from_dict(d.pop("classification"))

        caption = AnalysisTask.from_dict(d.pop("caption"))

        understanding = cls(
            classification=classification,
            caption=caption,
        )

        understanding.additional_properties = d
        return understanding

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
