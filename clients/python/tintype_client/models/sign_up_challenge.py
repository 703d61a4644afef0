from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SignUpChallenge")


@_attrs_define
class SignUpChallenge:
    """A challenge of ALTCHA. The answer is the Base64 of a JSON object with the first four members and `number`.

    Attributes:
        algorithm (str):
        challenge (str):
        salt (str):
        signature (str):
        maxnumber (int):
    """

    algorithm: str
    challenge: str
    salt: str
    signature: str
    maxnumber: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        algorithm = self.algorithm

        challenge = self.challenge

        salt = self.salt

        signature = self.signature

        maxnumber = self.maxnumber

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "algorithm": algorithm,
                "challenge": challenge,
                "salt": salt,
                "signature": signature,
                "maxnumber": maxnumber,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        algorithm = d.pop("algorithm")

        challenge = d.pop("challenge")

        salt = d.pop("salt")

        signature = d.pop("signature")

        maxnumber = d.pop("maxnumber")

        sign_up_challenge = cls(
            algorithm=algorithm,
            challenge=challenge,
            salt=salt,
            signature=signature,
            maxnumber=maxnumber,
        )

        sign_up_challenge.additional_properties = d
        return sign_up_challenge

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
