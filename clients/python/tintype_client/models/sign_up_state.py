from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.sign_up_challenge import SignUpChallenge


T = TypeVar("T", bound="SignUpState")


@_attrs_define
class SignUpState:
    """
    Attributes:
        mode (str): open, approval, invite or closed
        terms (int | None): the version to accept with `accepted_terms`
        challenge (None | SignUpChallenge): answer it with `altcha`; not needed with an invitation
    """

    mode: str
    terms: int | None
    challenge: None | SignUpChallenge
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.sign_up_challenge import SignUpChallenge  # noqa: PLC0415

        mode = self.mode

        terms: int | None
        terms = self.terms

        challenge: dict[str, Any] | None
        if isinstance(self.challenge, SignUpChallenge):
            challenge = self.challenge.to_dict()
        else:
            challenge = self.challenge

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "mode": mode,
                "terms": terms,
                "challenge": challenge,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.sign_up_challenge import SignUpChallenge  # noqa: PLC0415

        d = dict(src_dict)
        mode = d.pop("mode")

        def _parse_terms(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        terms = _parse_terms(d.pop("terms"))

        def _parse_challenge(data: object) -> None | SignUpChallenge:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                challenge_type_0 = SignUpChallenge.from_dict(data)

                return challenge_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SignUpChallenge, data)

        challenge = _parse_challenge(d.pop("challenge"))

        sign_up_state = cls(
            mode=mode,
            terms=terms,
            challenge=challenge,
        )

        sign_up_state.additional_properties = d
        return sign_up_state

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
