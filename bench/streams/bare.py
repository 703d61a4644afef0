"""The limit: keeps streams open and sends heartbeats, without sessions, signals or a database."""

import asyncio
from typing import Any

from entrypoints.rest.routes.notifications import HEARTBEAT_SECONDS


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b": hello\n\n", "more_body": True})
    heartbeat = asyncio.create_task(send_heartbeats(send))
    while (await receive())["type"] != "http.disconnect":
        pass
    heartbeat.cancel()


async def send_heartbeats(send: Any) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await send({"type": "http.response.body", "body": b": still here\n\n", "more_body": True})
