from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.reason import Reason
from ..models.target_kind import TargetKind

T = TypeVar("T", bound="Report")


@_attrs_define
class Report:
    """
    Attributes:
        id (str):
        kind (TargetKind):
        target_id (str):
        reporter_id (None | str): null for the service, and when the account was deleted
        reason (Reason): Why something is reported. Two are the service's own: `REVIEW`, a post of a new account waits
            for approval, and
            `KNOWN_IMAGE`, an image matches a list of known images.
        note (str):
        created_at (datetime.datetime):
    """

    id: str
    kind: TargetKind
    target_id: str
    reporter_id: None | str
    reason: Reason
    note: str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        target_id = self.target_id

        reporter_id: None | str
        reporter_id = self.reporter_id

        reason = self.reason.value

        note = self.note

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "target_id": target_id,
                "reporter_id": reporter_id,
                "reason": reason,
                "note": note,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        kind = TargetKind(d.pop("kind"))

        target_id = d.pop("target_id")

        def _parse_reporter_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reporter_id = _parse_reporter_id(d.pop("reporter_id"))

        reason = Reason(d.pop("reason"))

        note = d.pop("note")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        report = cls(
            id=id,
            kind=kind,
            target_id=target_id,
            reporter_id=reporter_id,
            reason=reason,
            note=note,
            created_at=created_at,
        )

        report.additional_properties = d
        return report

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
