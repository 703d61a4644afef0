from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.tokens_create_body_grant_type import TokensCreateBodyGrantType
from ..types import UNSET, Unset

T = TypeVar("T", bound="TokensCreateBody")


@_attrs_define
class TokensCreateBody:
    """
    Attributes:
        username (str | Unset): the username or the e-mail
        password (str | Unset):
        challenge (str | Unset): of the answer second_factor_required, or of a passkey
        second_factor (str | Unset): the code of an authenticator app or of recovery
        passkey (str | Unset): the response of navigator.credentials.get, as JSON
        grant_type (TokensCreateBodyGrantType | Unset):
        name (str | Unset): of the program that uses the token
        scopes (str | Unset): one or more of read, write, moderate and admin, separated by spaces; by default all of the
            account's role
        expires_in (int | Unset): seconds, at most 366 days
        accepted_terms (int | Unset): the version of the terms that the user accepts with this sign-in
        scope (str | Unset):
        client_id (str | Unset):
        client_secret (str | Unset):
    """

    username: str | Unset = UNSET
    password: str | Unset = UNSET
    challenge: str | Unset = UNSET
    second_factor: str | Unset = UNSET
    passkey: str | Unset = UNSET
    grant_type: TokensCreateBodyGrantType | Unset = UNSET
    name: str | Unset = UNSET
    scopes: str | Unset = UNSET
    expires_in: int | Unset = UNSET
    accepted_terms: int | Unset = UNSET
    scope: str | Unset = UNSET
    client_id: str | Unset = UNSET
    client_secret: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        username = self.username

        password = self.password

        challenge = self.challenge

        second_factor = self.second_factor

        passkey = self.passkey

        grant_type: str | Unset = UNSET
        if not isinstance(self.grant_type, Unset):
            grant_type = self.grant_type.value

        name = self.name

        scopes = self.scopes

        expires_in = self.expires_in

        accepted_terms = self.accepted_terms

        scope = self.scope

        client_id = self.client_id

        client_secret = self.client_secret

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if username is not UNSET:
            field_dict["username"] = username
        if password is not UNSET:
            field_dict["password"] = password
        if challenge is not UNSET:
            field_dict["challenge"] = challenge
        if second_factor is not UNSET:
            field_dict["second_factor"] = second_factor
        if passkey is not UNSET:
            field_dict["passkey"] = passkey
        if grant_type is not UNSET:
            field_dict["grant_type"] = grant_type
        if name is not UNSET:
            field_dict["name"] = name
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if expires_in is not UNSET:
            field_dict["expires_in"] = expires_in
        if accepted_terms is not UNSET:
            field_dict["accepted_terms"] = accepted_terms
        if scope is not UNSET:
            field_dict["scope"] = scope
        if client_id is not UNSET:
            field_dict["client_id"] = client_id
        if client_secret is not UNSET:
            field_dict["client_secret"] = client_secret

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        username = d.pop("username", UNSET)

        password = d.pop("password", UNSET)

        challenge = d.pop("challenge", UNSET)

        second_factor = d.pop("second_factor", UNSET)

        passkey = d.pop("passkey", UNSET)

        _grant_type = d.pop("grant_type", UNSET)
        grant_type: TokensCreateBodyGrantType | Unset
        if isinstance(_grant_type, Unset):
            grant_type = UNSET
        else:
            grant_type = TokensCreateBodyGrantType(_grant_type)

        name = d.pop("name", UNSET)

        scopes = d.pop("scopes", UNSET)

        expires_in = d.pop("expires_in", UNSET)

        accepted_terms = d.pop("accepted_terms", UNSET)

        scope = d.pop("scope", UNSET)

        client_id = d.pop("client_id", UNSET)

        client_secret = d.pop("client_secret", UNSET)

        tokens_create_body = cls(
            username=username,
            password=password,
            challenge=challenge,
            second_factor=second_factor,
            passkey=passkey,
            grant_type=grant_type,
            name=name,
            scopes=scopes,
            expires_in=expires_in,
            accepted_terms=accepted_terms,
            scope=scope,
            client_id=client_id,
            client_secret=client_secret,
        )

        return tokens_create_body
