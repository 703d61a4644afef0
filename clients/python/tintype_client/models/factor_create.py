from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.factor_create_kind import FactorCreateKind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.factor_create_passkey_type_0 import FactorCreatePasskeyType0


T = TypeVar("T", bound="FactorCreate")


@_attrs_define
class FactorCreate:
    """
    Attributes:
        kind (FactorCreateKind):
        name (None | str | Unset): up to 50 characters; not for recovery codes
        challenge (None | str | Unset): of POST /v1/me/second-factor-challenges; not for recovery codes
        code (None | str | Unset): the first code of an authenticator app
        passkey (FactorCreatePasskeyType0 | None | Unset): the response of navigator.credentials.create, as JSON
    """

    kind: FactorCreateKind
    name: None | str | Unset = UNSET
    challenge: None | str | Unset = UNSET
    code: None | str | Unset = UNSET
    passkey: FactorCreatePasskeyType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.factor_create_passkey_type_0 import FactorCreatePasskeyType0  # noqa: PLC0415

        kind = self.kind.value

        name: None | str | Unset
        if isinstance(self.name, Unset):
            name = UNSET
        else:
            name = self.name

        challenge: None | str | Unset
        if isinstance(self.challenge, Unset):
            challenge = UNSET
        else:
            challenge = self.challenge

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        passkey: dict[str, Any] | None | Unset
        if isinstance(self.passkey, Unset):
            passkey = UNSET
        elif isinstance(self.passkey, FactorCreatePasskeyType0):
            passkey = self.passkey.to_dict()
        else:
            passkey = self.passkey

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "kind": kind,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if challenge is not UNSET:
            field_dict["challenge"] = challenge
        if code is not UNSET:
            field_dict["code"] = code
        if passkey is not UNSET:
            field_dict["passkey"] = passkey

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.factor_create_passkey_type_0 import FactorCreatePasskeyType0  # noqa: PLC0415

        d = dict(src_dict)
        kind = FactorCreateKind(d.pop("kind"))

        def _parse_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        name = _parse_name(d.pop("name", UNSET))

        def _parse_challenge(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        challenge = _parse_challenge(d.pop("challenge", UNSET))

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))

        def _parse_passkey(data: object) -> FactorCreatePasskeyType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                passkey_type_0 = FactorCreatePasskeyType0.from_dict(data)

                return passkey_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FactorCreatePasskeyType0 | None | Unset, data)

        passkey = _parse_passkey(d.pop("passkey", UNSET))

        factor_create = cls(
            kind=kind,
            name=name,
            challenge=challenge,
            code=code,
            passkey=passkey,
        )

        return factor_create
