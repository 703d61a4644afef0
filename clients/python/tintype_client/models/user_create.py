from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UserCreate")


@_attrs_define
class UserCreate:
    """
    Attributes:
        username (str): 3-30 of a-z, 0-9 and _; stored in lower case
        email (str):
        password (str): at least 10 characters, not a common password, not your name
        display_name (None | str | Unset):
        invite (None | str | Unset): the code of an invitation
        reason (None | str | Unset): for the moderators, where they approve sign-ups
        accepted_terms (int | None | Unset): the accepted version of the terms, if there are any
        altcha (None | str | Unset): the answer to the challenge of GET /v1/sign-up, if it has one
    """

    username: str
    email: str
    password: str
    display_name: None | str | Unset = UNSET
    invite: None | str | Unset = UNSET
    reason: None | str | Unset = UNSET
    accepted_terms: int | None | Unset = UNSET
    altcha: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        email = self.email

        password = self.password

        display_name: None | str | Unset
        if isinstance(self.display_name, Unset):
            display_name = UNSET
        else:
            display_name = self.display_name

        invite: None | str | Unset
        if isinstance(self.invite, Unset):
            invite = UNSET
        else:
            invite = self.invite

        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        accepted_terms: int | None | Unset
        if isinstance(self.accepted_terms, Unset):
            accepted_terms = UNSET
        else:
            accepted_terms = self.accepted_terms

        altcha: None | str | Unset
        if isinstance(self.altcha, Unset):
            altcha = UNSET
        else:
            altcha = self.altcha

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "username": username,
                "email": email,
                "password": password,
            }
        )
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if invite is not UNSET:
            field_dict["invite"] = invite
        if reason is not UNSET:
            field_dict["reason"] = reason
        if accepted_terms is not UNSET:
            field_dict["accepted_terms"] = accepted_terms
        if altcha is not UNSET:
            field_dict["altcha"] = altcha

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username")

        email = d.pop("email")

        password = d.pop("password")

        def _parse_display_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        display_name = _parse_display_name(d.pop("display_name", UNSET))

        def _parse_invite(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        invite = _parse_invite(d.pop("invite", UNSET))

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_accepted_terms(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        accepted_terms = _parse_accepted_terms(d.pop("accepted_terms", UNSET))

        def _parse_altcha(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        altcha = _parse_altcha(d.pop("altcha", UNSET))

        user_create = cls(
            username=username,
            email=email,
            password=password,
            display_name=display_name,
            invite=invite,
            reason=reason,
            accepted_terms=accepted_terms,
            altcha=altcha,
        )

        return user_create
