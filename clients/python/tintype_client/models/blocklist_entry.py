from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.hash_kind import HashKind

T = TypeVar("T", bound="BlocklistEntry")


@_attrs_define
class BlocklistEntry:
    """
    Attributes:
        id (str):
        kind (HashKind): `SHA256` finds equal bytes. `PERCEPTUAL`, this service's own, and `PDQ` also find scaled and
            compressed copies,
            in all eight orientations.
        value (str): hexadecimal
        reason (str):
        source (str):
        added_by (str): the name of the moderator
        added_at (datetime.datetime):
        applied (bool): whether the stored images were compared with it
    """

    id: str
    kind: HashKind
    value: str
    reason: str
    source: str
    added_by: str
    added_at: datetime.datetime
    applied: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        value = self.value

        reason = self.reason

        source = self.source

        added_by = self.added_by

        added_at = self.added_at.isoformat()

        applied = self.applied

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "value": value,
                "reason": reason,
                "source": source,
                "added_by": added_by,
                "added_at": added_at,
                "applied": applied,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        kind = HashKind(d.pop("kind"))

        value = d.pop("value")

        reason = d.pop("reason")

        source = d.pop("source")

        added_by = d.pop("added_by")

        added_at = datetime.datetime.fromisoformat(d.pop("added_at"))

        applied = d.pop("applied")

        blocklist_entry = cls(
            id=id,
            kind=kind,
            value=value,
            reason=reason,
            source=source,
            added_by=added_by,
            added_at=added_at,
            applied=applied,
        )

        blocklist_entry.additional_properties = d
        return blocklist_entry

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
