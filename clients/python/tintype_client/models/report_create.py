from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.reason import Reason
from ..models.target_kind import TargetKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="ReportCreate")


@_attrs_define
class ReportCreate:
    """
    Attributes:
        kind (TargetKind):
        id (str):
        reason (Reason): Why something is reported. Two are the service's own: `REVIEW`, a post of a new account waits
            for approval, and
            `KNOWN_IMAGE`, an image matches a list of known images.
        note (str | Unset): at most 1,000 characters Default: ''.
    """

    kind: TargetKind
    id: str
    reason: Reason
    note: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        id = self.id

        reason = self.reason.value

        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "id": id,
                "reason": reason,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = TargetKind(d.pop("kind"))

        id = d.pop("id")

        reason = Reason(d.pop("reason"))

        note = d.pop("note", UNSET)

        report_create = cls(
            kind=kind,
            id=id,
            reason=reason,
            note=note,
        )

        return report_create
