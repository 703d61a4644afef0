"""So many bytes at once and no more: memory stays bounded however many clients send."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import TooLarge, Unavailable
from entrypoints.inference.protocol import in_words
from entrypoints.rest.errors import respond

MOST_BYTES = 256 << 20
"""Of all bodies that are being read or worked on."""
LONGEST_BODY = 64 << 20
"""Of one body; also what one counts as that does not announce its size."""


class BodyTooLarge(TooLarge):
    code = "body_too_large"


class Admission:
    """Refuses a request before its body is read when there is no room for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        size = _announced(scope)
        if size > LONGEST_BODY:
            detail = f"the body has {size:,} bytes; at most {LONGEST_BODY:,} are taken"
            await self._refuse(BodyTooLarge(detail, limit=LONGEST_BODY, actual=size), scope, receive, send)
        elif self._taken + size > MOST_BYTES:
            busy = Unavailable("more is being looked at than fits into memory; try again in a moment", retry_after=1.0)
            await self._refuse(busy, scope, receive, send)
        else:
            self._taken += size
            try:
                await self._app(scope, _bounded(receive), send)
            finally:
                self._taken -= size

    async def _refuse(self, error: TooLarge | Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
        from starlette.requests import Request

        request = Request(scope, receive)
        response = in_words(error) if scope["path"].startswith("/v2") else respond(request, error)
        await response(scope, receive, send)


def _announced(scope: Scope) -> int:
    found = Headers(scope=scope).get("content-length", "")
    return int(found) if found.isdecimal() and len(found) < 19 else LONGEST_BODY  # noqa: PLR2004 — 64 bits


def _bounded(receive: Receive) -> Receive:
    """A body that goes on beyond what one may hold is cut off."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LONGEST_BODY:
            raise BodyTooLarge(f"the body is larger than {LONGEST_BODY:,} bytes, the most that is taken")
        return message

    return counted
