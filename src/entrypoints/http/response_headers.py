"""Default response headers for browsers and caches: caching, and access by other sites."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.connection import is_secure
from entrypoints.http.cookies import SECURE_KEY, SESSION_COOKIE
from entrypoints.http.default_headers import Header, add_missing

_STRICT_TRANSPORT_SECURITY = (b"strict-transport-security", b"max-age=31536000")
_SAFE_METHODS = {"GET", "HEAD"}
_API_PREFIX = "/v1/"
_SESSION_COOKIE = SESSION_COOKIE.encode()


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
                _vary_by_viewer(message["headers"])
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


def _vary_by_viewer(headers: list[Header]) -> None:
    """Name the credentials in `Vary`, unless the response is for everybody."""
    if any(name == b"cache-control" and value.startswith(b"public") for name, value in headers):
        return
    sent = [value for name, value in headers if name == b"vary"]
    named = {part.strip().lower() for value in sent for part in value.split(b",")}
    if missing := [name for name in (b"Authorization", b"Cookie") if name.lower() not in named]:
        headers[:] = [*(header for header in headers if header[0] != b"vary"), (b"vary", b", ".join([*sent, *missing]))]


def _default_cache_control(scope: Scope) -> bytes:
    """Return the default: private responses are not stored, and public ones are revalidated before use."""
    if any(_is_credential(name, value) for name, value in scope["headers"]):
        return b"private, no-store"
    is_public = scope["method"] in _SAFE_METHODS and scope["path"].startswith(_API_PREFIX)
    return b"no-cache" if is_public else b"no-store"


def _is_credential(name: bytes, value: bytes) -> bool:
    return name == b"authorization" or (name == b"cookie" and _SESSION_COOKIE in value)
