"""Limits the total size of request bodies in flight, so that memory stays bounded."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import TooLarge, Unavailable
from entrypoints.inference.protocol import refused
from entrypoints.inference.tensor_codec import HEAD_LENGTH

MAX_BYTES_IN_FLIGHT = 256 << 20
"""Of all bodies that are being read or worked on."""
MAX_BODY = 64 << 20
"""Of one body; also what one counts as that does not announce its size."""
MAX_JSON = 4 << 20
"""Of a tensor as JSON, and of the JSON in front of raw tensors. One image of 224x224 has 3 MB at full precision."""
JSON_EXPANSION = 30
"""Bytes of memory for each byte of JSON while numbers are parsed."""


class BodyTooLarge(TooLarge):
    code = "body_too_large"


def body_too_large(limit: int, actual: int | None, *, as_json: bool) -> BodyTooLarge:
    kind = "the JSON" if as_json else "the body"
    size = f"has {actual:,} bytes" if actual is not None else f"is larger than {limit:,} bytes"
    way_out = "send tensors as raw bytes (binary_data_size), or fewer images" if as_json else "send fewer images"
    return BodyTooLarge(f"{kind} {size}; at most {limit:,} are allowed; {way_out}", limit=limit, actual=actual)


class AdmissionControl:
    """Refuses a request before its body is read when there is no room for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = _body_size(scope)
        size = body.memory()
        if (error := body.error()) is not None:
            await self._refuse(error, scope, receive, send)
        elif self._taken + size > MAX_BYTES_IN_FLIGHT:
            busy = Unavailable("more is being looked at than fits into memory; try again in a moment", retry_after=1.0)
            await self._refuse(busy, scope, receive, send)
        else:
            self._taken += size
            try:
                await self._app(scope, _limit_receive(receive, body.limit), send)
            finally:
                self._taken -= size

    async def _refuse(self, error: TooLarge | Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
        await refused(Request(scope, receive), error)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class BodySize:
    """The size of a body and of the JSON in it, as the headers state them (None: they do not)."""

    size: int | None
    json: int | None
    limit: int

    def error(self) -> BodyTooLarge | None:
        if self.json is not None and self.json > MAX_JSON:
            return body_too_large(MAX_JSON, self.json, as_json=True)
        if self.size is not None and self.size > self.limit:
            return body_too_large(self.limit, self.size, as_json=False)
        return None

    def memory(self) -> int:
        """Bytes while it is worked on."""
        size = self.limit if self.size is None else self.size
        return size + JSON_EXPANSION * (MAX_JSON if self.json is None else self.json)


def _body_size(scope: Scope) -> BodySize:
    headers = Headers(scope=scope)
    size = _parse_number(headers.get("content-length", ""))
    if not scope["path"].startswith("/v2"):
        return BodySize(size, 0, MAX_BODY)
    head = headers.get(HEAD_LENGTH)
    if head is None:
        return BodySize(size, size, MAX_JSON)
    return BodySize(size, _parse_number(head), MAX_BODY)


def _parse_number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None  # noqa: PLR2004 — 64 bits


def _limit_receive(receive: Receive, limit: int) -> Receive:
    """A body that goes on beyond what one may hold is cut off."""
    taken = 0

    async def receive_limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise body_too_large(limit, None, as_json=limit == MAX_JSON)
        return message

    return receive_limited
