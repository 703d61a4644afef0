"""Default response headers for browsers and caches: caching, and access by other sites."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.connection import is_secure
from entrypoints.http.cookies import SECURE_KEY, SESSION_COOKIE
from entrypoints.http.default_headers import Header, add_missing

_STRICT_TRANSPORT_SECURITY = (b"strict-transport-security", b"max-age=31536000")
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
                add_missing(message, _default_headers(scope, shared=self._shared))
                _vary_by_viewer(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _default_headers(scope: Scope, *, shared: bool) -> list[Header]:
    policy = b"cross-origin" if shared and scope["path"].startswith(_API_PREFIX) else b"same-origin"
    headers = [
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", policy),
        (b"cache-control", _default_cache_control(scope)),
    ]
    return [_STRICT_TRANSPORT_SECURITY, *headers] if scope[SECURE_KEY] else headers


def _vary_by_viewer(headers: MutableHeaders) -> None:
    """Name the credentials in `Vary`, unless the response is for everybody."""
    if not headers["Cache-Control"].startswith("public"):
        sent = headers.get("vary", "")
        named = {name.strip().lower() for name in sent.split(",")}
        if missing := [name for name in ("Authorization", "Cookie") if name.lower() not in named]:
            headers["Vary"] = ", ".join([*filter(None, [sent]), *missing])


def _default_cache_control(scope: Scope) -> bytes:
    """Return the default: private responses are not stored, and public ones are revalidated before use."""
    sent = Headers(scope=scope)
    if "authorization" in sent or SESSION_COOKIE in sent.get("cookie", ""):
        return b"private, no-store"
    is_public = scope["method"] in _SAFE_METHODS and scope["path"].startswith(_API_PREFIX)
    return b"no-cache" if is_public else b"no-store"
