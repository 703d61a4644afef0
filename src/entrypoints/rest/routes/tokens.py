from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request

from domain.errors import FieldError, Invalid
from domain.known_origins import Origin
from entrypoints.http.bodies import read_fields, read_form
from entrypoints.http.client_address import client_address
from entrypoints.http.dependencies import ContainerDep, CurrentSession
from entrypoints.http.problems import problems
from entrypoints.rest.routing import Route
from entrypoints.rest.schemas.users import AccessToken

router = APIRouter(prefix="/tokens", tags=["tokens"], route_class=Route)

FORM = "application/x-www-form-urlencoded"
_REQUIRED_FIELDS = ("username", "password")
_KNOWN_FIELDS = {*_REQUIRED_FIELDS, "grant_type", "scope", "client_id", "client_secret"}
"""Fields that OAuth2 clients send (RFC 6749, 4.3.2). The last three are ignored."""
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
    """Sign in: OAuth2's password flow."""
    fields = _check_fields(read_fields(await read_form(request, FORM)))
    origin = Origin(client_address(request))
    signed_in = await container.signing_in().sign_in(fields["username"], fields["password"], origin)
    life = signed_in.token.expires_at - signed_in.token.created_at
    return AccessToken(
        access_token=signed_in.secret,
        expires_in=int(life.total_seconds()),
        expires_at=signed_in.token.expires_at,
    )


@router.delete("/current", status_code=HTTPStatus.NO_CONTENT, responses=problems(401))
async def revoke_current(container: ContainerDep, session: CurrentSession) -> None:
    """Sign out: revoke the token of this request."""
    await container.signing_in().revoke(session.user_id, session.token_id)


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
