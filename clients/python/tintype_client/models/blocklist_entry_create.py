from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.hash_kind import HashKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="BlocklistEntryCreate")


@_attrs_define
class BlocklistEntryCreate:
    """
    Attributes:
        kind (HashKind): `SHA256` finds equal bytes. `PERCEPTUAL`, this service's own, and `PDQ` also find scaled and
            compressed copies,
            in all eight orientations.
        value (str): hexadecimal: 64 digits for `sha256` and `pdq`, 16 for `perceptual`
        reason (str): for moderators, 1-1,000 characters
        source (str | Unset): where the hash comes from, at most 100 characters Default: ''.
    """

    kind: HashKind
    value: str
    reason: str
    source: str | Unset = ""

    def to_dict(self) -> dict[str, Any]:
        kind = self.kind.value

        value = self.value

        reason = self.reason

        source = self.source

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
                "value": value,
                "reason": reason,
            }
        )
        if source is not UNSET:
            field_dict["source"] = source

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kind = HashKind(d.pop("kind"))

        value = d.pop("value")

        reason = d.pop("reason")

        source = d.pop("source", UNSET)

        blocklist_entry_create = cls(
            kind=kind,
            value=value,
            reason=reason,
            source=source,
        )

        return blocklist_entry_create
