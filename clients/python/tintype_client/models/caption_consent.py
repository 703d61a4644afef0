from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.caption_choice import CaptionChoice

T = TypeVar("T", bound="CaptionConsent")


@_attrs_define
class CaptionConsent:
    """Who may describe your images. While `decided_at` is null, nothing leaves the server.

    Attributes:
        captions (CaptionChoice): Who may describe a user's images: nobody, a model on the server, or an external
            service.
        followers_only (bool): whether the service also gets images for followers only
        decided_at (datetime.datetime | None):
    """

    captions: CaptionChoice
    followers_only: bool
    decided_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        captions = self.captions.value

        followers_only = self.followers_only

        decided_at: None | str
        if isinstance(self.decided_at, datetime.datetime):
            decided_at = self.decided_at.isoformat()
        else:
            decided_at = self.decided_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "captions": captions,
                "followers_only": followers_only,
                "decided_at": decided_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        captions = CaptionChoice(d.pop("captions"))

        followers_only = d.pop("followers_only")

        def _parse_decided_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decided_at_type_0 = datetime.datetime.fromisoformat(data)

                return decided_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decided_at = _parse_decided_at(d.pop("decided_at"))

        caption_consent = cls(
            captions=captions,
            followers_only=followers_only,
            decided_at=decided_at,
        )

        caption_consent.additional_properties = d
        return caption_consent

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
