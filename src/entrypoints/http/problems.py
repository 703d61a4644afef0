"""Schemas of errors by RFC 9457."""

from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ConfigDict

from entrypoints.http.schemas import Out

MEDIA_TYPE = "application/problem+json"


class FieldProblem(Out):
    field: str
    code: str
    detail: str
    limit: Any = None
    actual: Any = None


class Problem(BaseModel):
    """What was wrong, the limit, and the way out. Further members are facts, such as `limit` and `actual`."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str | None = None
    errors: list[FieldProblem] | None = None


_CODES = {
    400: "malformed_body, malformed_path, malformed_request",
    401: "not_signed_in, wrong_credentials, token_expired, second_factor_required, challenge_expired and the like",
    403: (
        "forbidden, foreign_origin, confirmation_required, rights_withheld, suspended, cannot_moderate, own_decision, "
        "insufficient_scope, account_pending, sign_up_closed, terms_not_accepted"
    ),
    404: "not_found",
    405: "method_not_allowed",
    408: "request_timeout",
    409: "username_taken, email_taken, image_in_use, request_in_progress, already_appealed and the like",
    410: "cursor_expired (with `restart`, the first page's link)",
    413: "image_too_large",
    415: "unsupported_image, unsupported_media_type",
    422: "invalid (with errors), bad_cursor and the like",
    429: "too_many_requests",
    500: "internal_error",
    503: "busy, model_missing",
}
_RETRY_AFTER = {"Retry-After": {"description": "Whole seconds.", "schema": {"type": "integer", "minimum": 1}}}
_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string", "enum": ["Bearer"]}}},
    429: _RETRY_AFTER,
    503: _RETRY_AFTER,
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return a route's `responses`: these statuses, those of every call, for calls with a body the timeout, and for
    calls with a token the refusal of its scopes."""
    scopes = {HTTPStatus.FORBIDDEN} if HTTPStatus.UNAUTHORIZED in statuses else ()
    late = {HTTPStatus.REQUEST_TIMEOUT} if HTTPStatus.BAD_REQUEST in statuses else ()
    return {status: _describe(status) for status in sorted({*statuses, *scopes, *late, 400, 422, 500, 503})}


def _describe(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    described = {"description": f"Code: {_CODES[status]}.", "content": {MEDIA_TYPE: {"schema": schema}}}
    return described | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
