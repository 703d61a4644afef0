"""What happens around every request: an id, a log line, a measurement, safe headers, an answer even to our faults."""

import logging
import re
import time
from http import HTTPStatus
from typing import Protocol
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.rate_limits import Usage
from entrypoints.rest.client_address import client_address
from entrypoints.rest.errors import CODE_KEY, MalformedPath, Refusal, respond, unexpected
from entrypoints.rest.usage import SCOPE_KEY, usage_headers

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
_CONVERTER = re.compile(r":\w+\}")
"""What a parameter of a path may be: `{name:path}`."""
_PREFIXES = {"", "/v1", "/v2"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
"""Others are counted as one: a client can make up any number."""
_NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"

logger = structlog.get_logger("tintype.access")
faults = logging.getLogger("tintype.rest")


class Measured(Protocol):
    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer; `route` is the path's template."""


class Around:
    """Pure ASGI: an answer is passed on as it comes. `quiet`: only refusals are logged, where a line would cost a
    twentieth of the answer."""

    def __init__(self, app: ASGIApp, metrics: Measured, quiet: bool = False) -> None:
        self._app = app
        self._metrics = metrics
        self._quiet = quiet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["tintype.request_id"] = _request_id(scope)
        fields = {"request_id": request_id} if self._quiet else _log_fields(scope)
        began, status = time.perf_counter(), 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                _complete(headers, request_id)
                if SCOPE_KEY in scope:
                    _complete_usage(headers, scope[SCOPE_KEY])
            await send(message)

        with structlog.contextvars.bound_contextvars(**fields):
            try:
                await self._app(scope, receive, tell)
            finally:
                self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.answered(method, _template(scope), status, seconds)
        if self._quiet and status < HTTPStatus.BAD_REQUEST:
            return
        session = scope.get("state", {}).get("session")
        logger.info(
            "request",
            method=scope["method"],
            path=scope["path"],
            status=status,
            code=scope.get(CODE_KEY),
            ms=round(seconds * 1000, 1),
            user=str(session.user_id) if session else None,
            **_log_fields(scope),
        )


def _log_fields(scope: Scope) -> dict[str, str]:
    """What every line of the log says while a request is worked on."""
    return {"request_id": scope["tintype.request_id"], "client": client_address(Request(scope))}


class Heads:
    """HEAD, for every path that takes GET: the same answer without its body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, without_body)
        finally:
            scope["method"] = "HEAD"


class PathCheck:
    """Refuses control characters in a path before anything looks at it: they forge log lines and headers, and a route
    whose pattern ends in `$` also takes a line break after it."""

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


class Faults:
    """Answers where a route fell over. It stands within the other middleware, so that they complete this answer too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = scope["type"] != "http"

        async def tell(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except Exception:
            if begun:  # half an answer cannot be taken back: let the server break the connection
                raise
            request_id = scope["tintype.request_id"]
            faults.exception("request %s failed: %s %s", request_id, scope["method"], scope["path"])
            await unexpected(request_id)(scope, receive, send)


def _template(scope: Scope) -> str:
    """`/v1/posts/{post_id}`; empty for an unknown path. A route does not know the prefix of its application's part, so
    that is what stands in the path before the route; whatever else stands there is a client's and not repeated."""
    route = getattr(scope.get("route"), "path", "")
    if not route:
        return ""
    path, filled = str(scope["path"]), _CONVERTER.sub("}", route).format(**scope.get("path_params", {}))
    prefix = path.removesuffix(filled)
    return prefix + route if prefix in _PREFIXES else "other"


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex


def _complete_usage(headers: MutableHeaders, usage: Usage) -> None:
    """What a refusal says of its own limit stays."""
    for name, value in usage_headers(usage).items():
        headers.setdefault(name, value)


def _complete(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in _SAFE.items():
        headers.setdefault(name, value)
    headers.setdefault("Content-Security-Policy", _NOTHING_RUNS)
