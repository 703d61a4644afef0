"""HTTP error responses: a table from kinds of domain errors to statuses, and problems of RFC 9457."""

import logging
import math
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from domain.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unsupported,
)
from domain.pages import CursorExpired
from domain.rate_limits import RateLimited
from entrypoints.http.paging import first_page_link
from entrypoints.http.problems import MEDIA_TYPE
from entrypoints.http.rate_limit_headers import usage_headers
from entrypoints.http.validation import field_errors

Refusal = Callable[[Request, DomainError], Response]
"""Renders an error that occurs before routing."""

logger = logging.getLogger("tintype.rest")


CODE_KEY = "tintype.code"
"""The key in a request's scope for the reason of a rejection, which is logged."""


class MalformedBody(DomainError):
    """The body does not match its content type."""

    code = "malformed_body"


class MalformedPath(DomainError):
    """The path contains characters that no route accepts and no header or log line should contain."""

    code = "malformed_path"


class BodyTimeout(DomainError):
    """The client took too long to send the body."""

    code = "request_timeout"


class MalformedRequest(DomainError):
    """The request line or headers violate the protocol, or name a host that is not this one."""

    code = "malformed_request"


class UnsupportedMediaType(Unsupported):
    code = "unsupported_media_type"


STATUS: dict[type[DomainError], int] = {
    MalformedBody: 400,
    MalformedPath: 400,
    MalformedRequest: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    BodyTimeout: 408,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    Unsupported: 415,
    Invalid: 422,
    TooMany: 429,
    Unavailable: 503,
}


def status_of(error: DomainError) -> int:
    """Return the status for the error's class or its nearest base class. Errors not in the table are internal
    errors."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def problem(error: DomainError, request_id: str | None = None) -> dict[str, Any]:
    """Return the error as a problem object. The CLI prints the same with --json."""
    status = status_of(error)
    found = {**_problem_members(status, error.code, _escape_surrogates(error.detail), request_id), **error.facts}
    if isinstance(error, Invalid) and error.errors:
        found["errors"] = [_field_problem(fault) for fault in error.errors]
    return found


def respond(request: Request, error: DomainError) -> Response:
    status, identifier = status_of(error), request_id(request)
    note(request, error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return internal_error(identifier)
    body = problem(error, identifier)
    if isinstance(error, CursorExpired):
        body["restart"] = first_page_link(request)
    return JSONResponse(body, status, headers_of(error), MEDIA_TYPE)


def note(request: Request, error: DomainError) -> None:
    """Record the reason of a rejection for the log."""
    request.scope[CODE_KEY] = error.code
    if status_of(error) == HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request %s failed: %s: %s", request_id(request), error.code, error.operator_message)
    elif error.operator_message != error.detail:
        logger.warning("request %s was refused: %s", request_id(request), error.operator_message)


def internal_error(request_id: str | None) -> Response:
    """Return the response for an internal error. It contains only the request id, under which the log has the
    details."""
    detail = f"internal error; the server log has details under request {request_id}"
    members = _problem_members(500, "internal_error", detail, request_id)
    return JSONResponse(members, 500, media_type=MEDIA_TYPE)


def request_id(request: Request) -> str | None:
    found: str | None = request.scope.get("tintype.request_id")
    return found


def install_handlers(app: FastAPI) -> None:
    app.add_exception_handler(DomainError, _handle_domain_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(HTTPException, handle_http_error)
    app.add_exception_handler(ClientDisconnect, _handle_disconnect)


async def _handle_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)  # noqa: S101 — for the type checker: the handler is registered for these
    return respond(request, error)


async def _handle_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 — as above
    return respond(request, Invalid.of(*field_errors(error.errors())))


async def _handle_disconnect(request: Request, _error: Exception) -> Response:
    return incomplete_body(request)


def incomplete_body(request: Request) -> Response:
    """Return the response for a body that ended early. A client that closed only its sending half still reads it."""
    return respond(request, MalformedBody("the body is incomplete; send it again"))


async def handle_http_error(request: Request, error: Exception) -> Response:
    """Handle Starlette's own errors: unknown paths, methods that a path does not support, bodies that cannot be
    parsed."""
    assert isinstance(error, HTTPException)  # noqa: S101 — as above
    path, headers = _escape_surrogates(request.url.path), error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_allowed_methods(request))}
    code, detail = {
        404: ("not_found", f"path not found: {path}; /doc lists all paths"),
        405: ("method_not_allowed", f"{path} does not support this method; Allow lists the supported ones"),
        400: ("malformed_body", f"the body cannot be read: {error.detail}"),
    }.get(error.status_code, ("internal_error", str(error.detail)))
    members = _problem_members(error.status_code, code, detail, request_id(request))
    return JSONResponse(members, error.status_code, headers, MEDIA_TYPE)


def _allowed_methods(request: Request) -> list[str]:
    """Return the methods of all routes of the path. Starlette's Allow has only those of the first route."""
    scopes = [(method, {**request.scope, "method": method}) for method in ("GET", "POST", "PUT", "PATCH", "DELETE")]
    routes = request.app.routes
    allowed = [method for method, scope in scopes if any(route.matches(scope)[0] is Match.FULL for route in routes)]
    return ["GET", "HEAD", *allowed[1:]] if "GET" in allowed else allowed


def _problem_members(status: int, code: str, detail: str, request_id: str | None) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }


def _field_problem(fault: FieldError) -> dict[str, Any]:
    return {
        "field": _escape_surrogates(fault.field),
        "code": fault.code,
        "detail": _escape_surrogates(fault.detail),
        "limit": fault.limit,
        "actual": _escape_value(fault.actual),
    }


def _escape_value(value: object) -> object:
    return _escape_surrogates(value) if isinstance(value, str) else value


def _escape_surrogates(text: str) -> str:
    """Return text as JSON can represent it: unpaired surrogates are escaped."""
    return text.encode("utf-8", "backslashreplace").decode()


def headers_of(error: DomainError) -> dict[str, str]:
    """Return the headers of the response to this error."""
    if isinstance(error, TooMany | Unavailable):
        usage = usage_headers(error.usage) if isinstance(error, RateLimited) else {}
        return {"Retry-After": str(max(1, math.ceil(error.retry_after))), **usage}
    if isinstance(error, BodyTimeout):
        return {"Connection": "close"}  # otherwise the rest of the body would be read as the next request
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}
