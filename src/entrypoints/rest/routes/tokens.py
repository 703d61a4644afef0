import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request

from domain.errors import FieldError, Invalid
from domain.known_origins import Origin
from domain.scopes import ALL_SCOPES, parse_scopes
from domain.tokens import TokenRequest
from entrypoints.http.bodies import read_fields, read_form
from entrypoints.http.client_address import client_address
from entrypoints.http.dependencies import AnySession, ContainerDep
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.users import AccessToken

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=Route)

FORM = "application/x-www-form-urlencoded"
_REQUIRED_FIELDS = ("username", "password")
_IGNORED_FIELDS = ("scope", "client_id", "client_secret")
"""Fields that OAuth2 clients send (RFC 6749, 4.3.2)."""
_KNOWN_FIELDS = {*_REQUIRED_FIELDS, "grant_type", "name", "scopes", "expires_in", "accepted_terms", *_IGNORED_FIELDS}
_STRING: dict[str, Any] = {"type": "string"}
_OPENAPI_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "required": list(_REQUIRED_FIELDS),
                    "properties": {
                        "username": _STRING | {"description": "the username or the e-mail"},
                        "password": _STRING | {"format": "password"},
                        "grant_type": _STRING | {"enum": ["password"]},
                        "name": _STRING | {"description": "of the program that uses the token"},
                        "scopes": _STRING
                        | {
                            "description": "one or more of read, write, moderate and admin, separated by spaces; by "
                            "default all of the account's role",
                            "examples": ["read write"],
                        },
                        "expires_in": {"type": "integer", "minimum": 60, "description": "seconds, at most 366 days"},
                        "accepted_terms": {
                            "type": "integer",
                            "description": "the version of the terms that the user accepts with this sign-in",
                        },
                        "scope": _STRING,
                        "client_id": _STRING,
                        "client_secret": _STRING,
                    },
                    "additionalProperties": False,
                }
            }
        },
    }
}


@router.post("", responses=problems(400, 401, 403, 415, 429), openapi_extra=_OPENAPI_BODY)
async def create(request: Request, container: ContainerDep) -> AccessToken:
    """Sign in: OAuth2's password flow. `read` is for calls that only read, `write` for all other calls of a user,
    `moderate` for those of moderators, `admin` for those of admins."""
    fields = _check_fields(read_fields(await read_form(request, FORM)))
    origin = Origin(client_address(request), user_agent=request.headers.get("user-agent", ""))
    signed_in = await container.signing_in().sign_in(
        fields["username"], fields["password"], origin, _token_request(fields)
    )
    life = signed_in.token.expires_at - signed_in.token.created_at
    return AccessToken(
        access_token=signed_in.secret,
        expires_in=int(life.total_seconds()),
        expires_at=signed_in.token.expires_at,
    )


@router.delete("/current", status_code=HTTPStatus.NO_CONTENT, responses=problems(401))
async def revoke_current(container: ContainerDep, session: AnySession) -> None:
    """Sign out: revoke the token of this request."""
    await container.signing_in().revoke(session.user_id, session.token_id)


def _token_request(fields: dict[str, str]) -> TokenRequest:
    return TokenRequest(
        fields.get("name"),
        parse_scopes(fields["scopes"]) if "scopes" in fields else ALL_SCOPES,
        timedelta(seconds=_number(fields, "expires_in")) if "expires_in" in fields else None,
        _number(fields, "accepted_terms") if "accepted_terms" in fields else None,
    )


def _number(fields: dict[str, str], name: str) -> int:
    text = fields[name]
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Invalid.of(FieldError(name, "bad_format", "is not a whole number", actual=text[:100]))
    return int(text)


def _check_fields(fields: dict[str, str]) -> dict[str, str]:
    errors = [FieldError(name, "missing", "is missing") for name in _REQUIRED_FIELDS if name not in fields]
    errors += [_unknown_field(name) for name in fields if name not in _KNOWN_FIELDS]
    if (grant_type := fields.get("grant_type", "password")) != "password":
        errors.append(FieldError("grant_type", "not_allowed", "may only be password", "password", grant_type[:100]))
    if errors:
        raise Invalid.of(*errors)
    return fields


def _unknown_field(name: str) -> FieldError:
    return FieldError(name, "unknown_field", "is not a field of this request; leave it out")
