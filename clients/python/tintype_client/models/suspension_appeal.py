from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SuspensionAppeal")


@_attrs_define
class SuspensionAppeal:
    """An appeal of a suspended user, who cannot sign in.

    Attributes:
        text (str): 1-2,000 characters
        username (str): the username or the e-mail
        password (str):
    """

    text: str
    username: str
    password: str

    def to_dict(self) -> dict[str, Any]:
        text = self.text

        username = self.username

        password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "text": text,
                "username": username,
                "password": password,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        text = d.pop("text")

        username = d.pop("username")

        password = d.pop("password")

        suspension_appeal = cls(
            text=text,
            username=username,
            password=password,
        )

        return suspension_appeal
