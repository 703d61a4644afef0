"""Default response headers for browsers and caches: caching, and access by other sites."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.connection import is_secure
from entrypoints.http.dependencies import SECURE_KEY, SESSION_COOKIE

_ONE_YEAR = "max-age=31536000"
_SAFE_METHODS = {"GET", "HEAD"}
_API_PREFIX = "/v1/"


class ResponseHeaders:
    """Adds the headers that a route did not set. `shared`: whether pages of other sites may load responses of the API,
    because the operator configured origins."""

    def __init__(self, app: ASGIApp, *, shared: bool) -> None:
        self._app = app
        self._shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[SECURE_KEY] = is_secure(Request(scope))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                _add_security_headers(headers, scope, shared=self._shared)
                _limit_caches(headers, scope)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add_security_headers(headers: MutableHeaders, scope: Scope, *, shared: bool) -> None:
    if scope[SECURE_KEY]:
        headers.setdefault("Strict-Transport-Security", _ONE_YEAR)
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    policy = "cross-origin" if shared and scope["path"].startswith(_API_PREFIX) else "same-origin"
    headers.setdefault("Cross-Origin-Resource-Policy", policy)


def _limit_caches(headers: MutableHeaders, scope: Scope) -> None:
    rule = headers.setdefault("Cache-Control", _default_cache_control(scope))
    if not rule.startswith("public"):
        named = {name.strip().lower() for name in headers.get("vary", "").split(",")}
        missing = [name for name in ("Authorization", "Cookie") if name.lower() not in named]
        if missing:
            headers["Vary"] = ", ".join([*filter(None, [headers.get("vary")]), *missing])


def _default_cache_control(scope: Scope) -> str:
    """Return the default: private responses are not stored, and public ones are revalidated before use."""
    sent = Headers(scope=scope)
    if "authorization" in sent or SESSION_COOKIE in sent.get("cookie", ""):
        return "private, no-store"
    is_public = scope["method"] in _SAFE_METHODS and scope["path"].startswith(_API_PREFIX)
    return "no-cache" if is_public else "no-store"
