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
        username (str): the username or the e-mail
        password (str):
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

    username: str
    password: str
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

        field_dict.update(
            {
                "username": username,
                "password": password,
            }
        )
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
        username = d.pop("username")

        password = d.pop("password")

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
