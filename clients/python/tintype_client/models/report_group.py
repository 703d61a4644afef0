from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.target_kind import TargetKind

if TYPE_CHECKING:
    from ..models.report_group_reasons import ReportGroupReasons


T = TypeVar("T", bound="ReportGroup")


@_attrs_define
class ReportGroup:
    """The open reports about one target.

    Attributes:
        id (str):
        kind (TargetKind):
        target_id (str):
        user_id (str): whose post, comment, image or account this is
        reports_count (int):
        reasons (ReportGroupReasons): how often each reason was given, over the newest 1,000 reports
        created_at (datetime.datetime):
        reported_at (datetime.datetime):
    """

    id: str
    kind: TargetKind
    target_id: str
    user_id: str
    reports_count: int
    reasons: ReportGroupReasons
    created_at: datetime.datetime
    reported_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        target_id = self.target_id

        user_id = self.user_id

        reports_count = self.reports_count

        reasons = self.reasons.to_dict()

        created_at = self.created_at.isoformat()

        reported_at = self.reported_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "target_id": target_id,
                "user_id": user_id,
                "reports_count": reports_count,
                "reasons": reasons,
                "created_at": created_at,
                "reported_at": reported_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.report_group_reasons import ReportGroupReasons  # noqa: PLC0415

        d = dict(src_dict)
        id = d.pop("id")

        kind = TargetKind(d.pop("kind"))

        target_id = d.pop("target_id")

        user_id = d.pop("user_id")

        reports_count = d.pop("reports_count")

        reasons = ReportGroupReasons.from_dict(d.pop("reasons"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        reported_at = datetime.datetime.fromisoformat(d.pop("reported_at"))

        report_group = cls(
            id=id,
            kind=kind,
            target_id=target_id,
            user_id=user_id,
            reports_count=reports_count,
            reasons=reasons,
            created_at=created_at,
            reported_at=reported_at,
        )

        report_group.additional_properties = d
        return report_group

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
