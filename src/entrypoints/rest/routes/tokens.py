import re
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request

from container import Container
from domain.errors import FieldError, Invalid
from domain.known_origins import Origin
from domain.passkeys import parse_passkey
from domain.rate_limits import PASSKEY_SIGN_IN
from domain.scopes import ALL_SCOPES, parse_scopes
from domain.second_factors import FactorKind, SecondFactorRequired
from domain.token_requests import IssuedToken, TokenRequest
from entrypoints.http.bodies import read_fields, read_form
from entrypoints.http.client_address import client_address
from entrypoints.http.connection import site_of
from entrypoints.http.dependencies import AnySession, ContainerDep
from entrypoints.http.problems import problems
from entrypoints.http.rate_limiting import count_use
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.second_factors import PasskeyChallenge
from entrypoints.rest.schemas.users import AccessToken

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=Route)

FORM = "application/x-www-form-urlencoded"
_PASSWORD_FIELDS = ("username", "password")
_SECOND_FIELDS = ("challenge", "second_factor", "passkey")
_TOKEN_FIELDS = ("name", "scopes", "expires_in", "accepted_terms")
_OAUTH_FIELDS = ("grant_type", "scope", "client_id", "client_secret")
"""Fields that OAuth2 clients send (RFC 6749, 4.3.2). The last three are ignored."""
_KNOWN_FIELDS = {*_PASSWORD_FIELDS, *_SECOND_FIELDS, *_TOKEN_FIELDS, *_OAUTH_FIELDS}
_STRING: dict[str, Any] = {"type": "string"}
_OPENAPI_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "username": _STRING | {"description": "the username or the e-mail"},
                        "password": _STRING | {"format": "password"},
                        "challenge": _STRING | {"description": "of the answer second_factor_required, or of a passkey"},
                        "second_factor": _STRING | {"description": "the code of an authenticator app or of recovery"},
                        "passkey": _STRING | {"description": "the response of navigator.credentials.get, as JSON"},
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
    """Sign in: OAuth2's password flow with `username` and `password`. For a user with a second factor it answers 401
    `second_factor_required` with `methods` and a `challenge`: send the challenge with `second_factor` (a code) or
    `passkey` (JSON). Or send `challenge` and `passkey` alone after `POST /v1/tokens/passkey-challenges`.

    Send `name`, `scopes` and `expires_in` with the first step. The scope `read` is for calls that only read, `write`
    for all other calls of a user, `moderate` for those of moderators, `admin` for those of admins."""
    fields = _check_fields(read_fields(await read_form(request, FORM)))
    issued = (
        await _finish(request, container, fields) if "challenge" in fields else await _start(request, container, fields)
    )
    life = issued.token.expires_at - issued.token.created_at
    return AccessToken(
        access_token=issued.secret, expires_in=int(life.total_seconds()), expires_at=issued.token.expires_at
    )


async def _start(request: Request, container: Container, fields: dict[str, str]) -> IssuedToken:
    origin, token_request = _origin(request), _token_request(fields)
    try:
        return await container.signing_in().sign_in(fields["username"], fields["password"], origin, token_request)
    except SecondFactorRequired as required:
        if "second_factor" not in fields:
            options = container.second_step().sign_in_options(site_of(request), required.challenge.secret)
            required.facts |= {"passkey": options} if FactorKind.PASSKEY in required.kinds else {}
            raise
        challenge = required.challenge.secret
        return await container.second_step().finish_with_code(challenge, fields["second_factor"], origin)


async def _finish(request: Request, container: Container, fields: dict[str, str]) -> IssuedToken:
    challenge, second_step = fields["challenge"], container.second_step()
    origin, token_request = _origin(request), _token_request(fields)
    if "second_factor" in fields:
        return await second_step.finish_with_code(challenge, fields["second_factor"], origin, token_request)
    response = parse_passkey(fields["passkey"])
    await count_use(request, PASSKEY_SIGN_IN)
    return await second_step.finish_with_passkey(challenge, response, site_of(request), origin, token_request)


def _origin(request: Request) -> Origin:
    return Origin(client_address(request), user_agent=request.headers.get("user-agent", ""))


@router.post("/passkey-challenges", status_code=201, responses=problems(401, 403, 429))
async def create_passkey_challenge(request: Request, container: ContainerDep) -> PasskeyChallenge:
    """Begin a sign-in with a passkey alone. Send its response with the challenge to `POST /v1/tokens`."""
    await count_use(request, PASSKEY_SIGN_IN)
    return PasskeyChallenge.of(await container.second_step().offer_passkey(site_of(request)))


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
    errors = [FieldError(name, "missing", "is missing") for name in _missing_fields(fields)]
    errors += [_unknown_field(name) for name in fields if name not in _KNOWN_FIELDS]
    if (grant_type := fields.get("grant_type", "password")) != "password":
        errors.append(FieldError("grant_type", "not_allowed", "may only be password", "password", grant_type[:100]))
    if errors:
        raise Invalid.of(*errors)
    return fields


def _missing_fields(fields: dict[str, str]) -> list[str]:
    if "challenge" in fields:
        return [] if {"second_factor", "passkey"} & fields.keys() else ["second_factor"]
    return [name for name in _PASSWORD_FIELDS if name not in fields]


def _unknown_field(name: str) -> FieldError:
    return FieldError(name, "unknown_field", "is not a field of this request; leave it out")
