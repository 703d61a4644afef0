from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.factor_challenge_passkey_type_0 import FactorChallengePasskeyType0
    from ..models.totp_secret import TotpSecret


T = TypeVar("T", bound="FactorChallenge")


@_attrs_define
class FactorChallenge:
    """
    Attributes:
        challenge (str):
        expires_at (datetime.datetime):
        totp (None | TotpSecret):
        passkey (FactorChallengePasskeyType0 | None): the publicKey options of navigator.credentials.create, as JSON
    """

    challenge: str
    expires_at: datetime.datetime
    totp: None | TotpSecret
    passkey: FactorChallengePasskeyType0 | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.factor_challenge_passkey_type_0 import FactorChallengePasskeyType0  # noqa: PLC0415
        from ..models.totp_secret import TotpSecret  # noqa: PLC0415

        challenge = self.challenge

        expires_at = self.expires_at.isoformat()

        totp: dict[str, Any] | None
        if isinstance(self.totp, TotpSecret):
            totp = self.totp.to_dict()
        else:
            totp = self.totp

        passkey: dict[str, Any] | None
        if isinstance(self.passkey, FactorChallengePasskeyType0):
            passkey = self.passkey.to_dict()
        else:
            passkey = self.passkey

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "challenge": challenge,
                "expires_at": expires_at,
                "totp": totp,
                "passkey": passkey,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.factor_challenge_passkey_type_0 import FactorChallengePasskeyType0  # noqa: PLC0415
        from ..models.totp_secret import TotpSecret  # noqa: PLC0415

        d = dict(src_dict)
        challenge = d.pop("challenge")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_totp(data: object) -> None | TotpSecret:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                totp_type_0 = TotpSecret.from_dict(data)

                return totp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | TotpSecret, data)

        totp = _parse_totp(d.pop("totp"))

        def _parse_passkey(data: object) -> FactorChallengePasskeyType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                passkey_type_0 = FactorChallengePasskeyType0.from_dict(data)

                return passkey_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FactorChallengePasskeyType0 | None, data)

        passkey = _parse_passkey(d.pop("passkey"))

        factor_challenge = cls(
            challenge=challenge,
            expires_at=expires_at,
            totp=totp,
            passkey=passkey,
        )

        factor_challenge.additional_properties = d
        return factor_challenge

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
