from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SensitiveMediaAnswer")


@_attrs_define
class SensitiveMediaAnswer:
    """
    Attributes:
        sensitive (bool): whether the owner calls the image sensitive; `true` also marks its post
    """

    sensitive: bool

    def to_dict(self) -> dict[str, Any]:
        sensitive = self.sensitive

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sensitive": sensitive,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        sensitive = d.pop("sensitive")

        sensitive_media_answer = cls(
            sensitive=sensitive,
        )

        return sensitive_media_answer
