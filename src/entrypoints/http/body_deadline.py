"""Deadlines for request bodies, so that slow clients cannot occupy connections."""

import asyncio
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.http.errors import BodyTimeout

MIN_BYTES_PER_SECOND = 8 << 10
"""Bytes a second. The slowest mobile networks are twice as fast."""


class BodyDeadline:
    """Waits `seconds` for a body, and one second more for each `MIN_BYTES_PER_SECOND` bytes of it. Only the time spent
    waiting for the client counts, not the time spent processing the body."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds, size, complete = 0.0, 0, False

        async def receive_within_deadline() -> Message:
            nonlocal seconds, size, complete
            if complete:
                return await receive()
            began = monotonic()
            try:
                async with asyncio.timeout(self._seconds + size / MIN_BYTES_PER_SECOND - seconds):
                    message = await receive()
            except TimeoutError:
                raise self._timeout_error(size) from None
            seconds += monotonic() - began
            size += len(message.get("body", b""))
            complete = not message.get("more_body", False)
            return message

        await self._app(scope, receive_within_deadline, send)

    def _timeout_error(self, size: int) -> BodyTimeout:
        return BodyTimeout(
            f"the body did not come in time: {size:,} bytes came; the limit is {self._seconds:g} s and one more"
            f" for each {MIN_BYTES_PER_SECOND:,} bytes; send it again over a faster connection",
            limit=self._seconds,
        )
