"""Middleware for every request: request id, access log, metrics, safe headers, and error responses."""

import logging
import re
import time
from http import HTTPStatus
from secrets import token_hex

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.tracing import trace_id
from entrypoints.http.client_address import client_address
from entrypoints.http.default_headers import Header, add_missing
from entrypoints.http.errors import CODE_KEY, MalformedPath, Refusal, internal_error, respond
from entrypoints.http.log_paths import loggable_path
from entrypoints.http.metrics import RequestMetrics
from entrypoints.http.rate_limit_headers import USAGE_KEY, usage_headers
from entrypoints.http.request_names import method_name, route_template
from entrypoints.logs import request_fields

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

logger = structlog.get_logger()
error_logger = logging.getLogger("tintype.rest")


class AccessLog:
    """Logs and measures requests. Pure ASGI, so that responses are streamed. With `quiet` only rejections are logged,
    for services where a log line would cost 5 % of a response."""

    def __init__(self, app: ASGIApp, metrics: RequestMetrics, quiet: bool = False) -> None:
        self._app = app
        self._metrics = metrics
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["tintype.request_id"] = _request_id(scope)
        fields = {"request_id": request_id} if self._quiet else _log_fields(scope)
        started, status = time.perf_counter(), 0

        async def observed_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                identified = (b"x-request-id", request_id.encode())
                add_missing(message, (*_SECURITY_HEADERS, identified, *_usage_headers(scope)))
            await send(message)

        token = request_fields.set(fields)
        try:
            await self._app(scope, receive, observed_send)
        finally:
            request_fields.reset(token)
            self._log(scope, status, time.perf_counter() - started, fields)

    def _log(self, scope: Scope, status: int, seconds: float, fields: dict[str, str]) -> None:
        self._metrics.observe_request(method_name(scope), route_template(scope), status, seconds)
        if self._quiet and status < HTTPStatus.BAD_REQUEST:
            return
        session = scope.get("state", {}).get("session")
        logger.info(
            "request",
            logger="tintype.access",
            method=scope["method"],
            path=loggable_path(scope["path"]),
            status=status,
            code=scope.get(CODE_KEY),
            ms=round(seconds * 1000, 1),
            user=str(session.user_id) if session else None,
            **(_log_fields(scope) if self._quiet else fields),
        )


def _log_fields(scope: Scope) -> dict[str, str]:
    """Return the fields of every log line written during a request."""
    fields = {"request_id": scope["tintype.request_id"], "client": client_address(Request(scope))}
    trace = trace_id()
    return fields if trace is None else {**fields, "trace_id": trace}


class HeadRequests:
    """Answers HEAD on every path that supports GET, with the same headers and no body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, send_without_body)
        finally:
            scope["method"] = "HEAD"


class PathCheck:
    """Rejects control characters in a path before anything reads it. They can forge log lines and headers, and a route
    pattern that ends in `$` also matches before a final line break."""

    def __init__(self, app: ASGIApp, answer: Refusal = respond) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        control = _CONTROL.search(scope["path"]) if scope["type"] == "http" else None
        if control is None:
            await self._app(scope, receive, send)
            return
        name = f"U+{ord(control[0]):04X}"
        error = MalformedPath(f"the path contains the control character {name}; remove it", actual=name)
        await self._answer(Request(scope), error)(scope, receive, send)


class ErrorBoundary:
    """Sends a response when a route raises an unexpected error. It is inside the other middleware, so that they
    complete this response too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = scope["type"] != "http"

        async def observed_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, observed_send)
        except Exception:
            if has_started:  # a partial response cannot be withdrawn: let the server close the connection
                raise
            request_id = scope["tintype.request_id"]
            path = loggable_path(scope["path"])
            error_logger.exception("request %s failed: %s %s", request_id, scope["method"], path)
            await internal_error(request_id)(scope, receive, send)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else token_hex(16)


def _usage_headers(scope: Scope) -> list[Header]:
    """Return the headers of the rate limit, if one was counted. A rejection has set its own."""
    if USAGE_KEY not in scope:
        return []
    return [(name.lower().encode(), value.encode()) for name, value in usage_headers(scope[USAGE_KEY]).items()]
