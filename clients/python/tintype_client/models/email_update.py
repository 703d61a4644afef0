from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="EmailUpdate")


@_attrs_define
class EmailUpdate:
    """
    Attributes:
        email (str):
        current (str): your current password
    """

    email: str
    current: str

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        current = self.current

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "current": current,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        email = d.pop("email")

        current = d.pop("current")

        email_update = cls(
            email=email,
            current=current,
        )

        return email_update
