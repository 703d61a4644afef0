from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.caption_choice import CaptionChoice
from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsentUpdate")


@_attrs_define
class ConsentUpdate:
    """Your answer, for new images and old ones.

    Attributes:
        captions (CaptionChoice): Who may describe a user's images: nobody, a model on the server, or an external
            service.
        followers_only (bool | Unset):  Default: False.
    """

    captions: CaptionChoice
    followers_only: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        captions = self.captions.value

        followers_only = self.followers_only

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "captions": captions,
            }
        )
        if followers_only is not UNSET:
            field_dict["followers_only"] = followers_only

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        captions = CaptionChoice(d.pop("captions"))

        followers_only = d.pop("followers_only", UNSET)

        consent_update = cls(
            captions=captions,
            followers_only=followers_only,
        )

        return consent_update
