"""Event streams over ASGI, as a server reads them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from httpx import ASGITransport

from tests.entrypoints.rest.visitors import Json, Visitor

TIMEOUT = 10.0


@asynccontextmanager
async def stream(who: Visitor, **headers: str) -> AsyncIterator[Any]:
    """A user's open stream as the server writes it: first its head, then its chunks, each on request."""
    transport = who.client._transport  # httpx itself reads an answer to its end before it gives any of it
    assert isinstance(transport, ASGITransport)
    written: asyncio.Queue[Any] = asyncio.Queue(1)
    given = {"Host": "tintype.test", **who.headers, **headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/v1/notifications/stream",
        "raw_path": b"/v1/notifications/stream",
        "query_string": b"",
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in given.items()],
        "client": ("127.0.0.1", 1),
        "server": ("test", 80),
    }
    gone = asyncio.Event()

    async def receive() -> Json:
        await gone.wait()
        return {"type": "http.disconnect"}

    serving = asyncio.ensure_future(transport.app(scope, receive, written.put))
    try:
        yield written
    finally:
        gone.set()
        await asyncio.wait_for(serving, TIMEOUT)


async def wait_until_open(written: Any) -> None:
    """Wait until the head is written, and nothing after it."""
    async with asyncio.timeout(TIMEOUT):
        while not written.full():  # noqa: ASYNC110 — a queue tells nobody that it is full
            await asyncio.sleep(0.01)


async def next_event(written: Any) -> tuple[str, Json]:
    """The id and the data of the next event."""
    async with asyncio.timeout(TIMEOUT):
        while True:
            text = (await written.get()).get("body", b"").decode()
            if text.startswith("id:"):
                lines = dict(line.split(": ", 1) for line in text.strip().split("\n"))
                assert lines["event"] == "notification"
                return lines["id"], json.loads(lines["data"])


async def wait_until_closed(written: Any) -> None:
    """Wait until the server ends the stream properly."""
    async with asyncio.timeout(TIMEOUT):
        while (await written.get()).get("more_body", True):
            pass
