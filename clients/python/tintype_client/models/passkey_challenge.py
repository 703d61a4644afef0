from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.passkey_challenge_passkey import PasskeyChallengePasskey


T = TypeVar("T", bound="PasskeyChallenge")


@_attrs_define
class PasskeyChallenge:
    """
    Attributes:
        challenge (str):
        expires_at (datetime.datetime):
        passkey (PasskeyChallengePasskey): the publicKey options of navigator.credentials.get, as JSON
    """

    challenge: str
    expires_at: datetime.datetime
    passkey: PasskeyChallengePasskey
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        challenge = self.challenge

        expires_at = self.expires_at.isoformat()

        passkey = self.passkey.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "challenge": challenge,
                "expires_at": expires_at,
                "passkey": passkey,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.passkey_challenge_passkey import PasskeyChallengePasskey  # noqa: PLC0415

        d = dict(src_dict)
        challenge = d.pop("challenge")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        passkey = PasskeyChallengePasskey.from_dict(d.pop("passkey"))

        passkey_challenge = cls(
            challenge=challenge,
            expires_at=expires_at,
            passkey=passkey,
        )

        passkey_challenge.additional_properties = d
        return passkey_challenge

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
