"""Limits the total size of request bodies in flight, so that memory stays bounded."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import TooLarge, Unavailable
from entrypoints.inference.protocol import refusal_response
from entrypoints.inference.tensor_codec import HEAD_LENGTH

MAX_BYTES_IN_FLIGHT = 256 << 20
"""Bytes of all bodies that are being read or processed."""
MAX_BODY = 64 << 20
"""Bytes of one body. A body without a stated size counts as this."""
MAX_JSON = 4 << 20
"""Bytes of a JSON tensor, and of the JSON in front of raw tensors. One image of 224x224 has 3 MB at full precision."""
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
    """Refuses a request before its body is read if the memory budget is used up."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._bytes_in_flight = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = _body_size(scope)
        size = body.memory()
        if (error := body.error()) is not None:
            await self._refuse(error, scope, receive, send)
        elif self._bytes_in_flight + size > MAX_BYTES_IN_FLIGHT:
            detail = f"too many request bodies in flight ({MAX_BYTES_IN_FLIGHT >> 20} MiB); retry in 1 s"
            busy = Unavailable(detail, retry_after=1.0)
            await self._refuse(busy, scope, receive, send)
        else:
            self._bytes_in_flight += size
            try:
                await self._app(scope, _limit_receive(receive, body.limit), send)
            finally:
                self._bytes_in_flight -= size

    async def _refuse(self, error: TooLarge | Unavailable, scope: Scope, receive: Receive, send: Send) -> None:
        await refusal_response(Request(scope, receive), error)(scope, receive, send)


@dataclass(frozen=True, slots=True)
class BodySize:
    """The size of a body and of its JSON, as stated by the headers (None if they do not)."""

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
        """Bytes of memory during processing."""
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
    """Abort a body that exceeds the limit."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise body_too_large(limit, None, as_json=limit == MAX_JSON)
        return message

    return receive_limited
