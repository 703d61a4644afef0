from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.factor_kind import FactorKind

T = TypeVar("T", bound="NewSecondFactor")


@_attrs_define
class NewSecondFactor:
    """
    Attributes:
        id (str):
        kind (FactorKind):
        name (str):
        created_at (datetime.datetime):
        last_used_at (datetime.datetime | None):
        codes_left (int | None): the recovery codes that are not used; null for other kinds
        codes (list[str] | None): the recovery codes, shown only here; null for other kinds
    """

    id: str
    kind: FactorKind
    name: str
    created_at: datetime.datetime
    last_used_at: datetime.datetime | None
    codes_left: int | None
    codes: list[str] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        kind = self.kind.value

        name = self.name

        created_at = self.created_at.isoformat()

        last_used_at: None | str
        if isinstance(self.last_used_at, datetime.datetime):
            last_used_at = self.last_used_at.isoformat()
        else:
            last_used_at = self.last_used_at

        codes_left: int | None
        codes_left = self.codes_left

        codes: list[str] | None
        if isinstance(self.codes, list):
            codes = self.codes

        else:
            codes = self.codes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "name": name,
                "created_at": created_at,
                "last_used_at": last_used_at,
                "codes_left": codes_left,
                "codes": codes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        kind = FactorKind(d.pop("kind"))

        name = d.pop("name")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_last_used_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_used_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_used_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_used_at = _parse_last_used_at(d.pop("last_used_at"))

        def _parse_codes_left(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        codes_left = _parse_codes_left(d.pop("codes_left"))

        def _parse_codes(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                codes_type_0 = cast(list[str], data)

                return codes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        codes = _parse_codes(d.pop("codes"))

        new_second_factor = cls(
            id=id,
            kind=kind,
            name=name,
            created_at=created_at,
            last_used_at=last_used_at,
            codes_left=codes_left,
            codes=codes,
        )

        new_second_factor.additional_properties = d
        return new_second_factor

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
