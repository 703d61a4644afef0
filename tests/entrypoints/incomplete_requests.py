"""A client that stops in the middle of a request."""

import asyncio
import json
from typing import Any

from starlette.types import ASGIApp


async def send_incomplete(app: ASGIApp, path: str, headers: dict[str, str], half: bytes) -> tuple[int, dict[str, Any]]:
    """The response to a client that stops after `half`, which httpx cannot do."""
    incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    incoming.put_nowait({"type": "http.request", "body": half, "more_body": True})
    incoming.put_nowait({"type": "http.disconnect"})
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [
            (name.lower().encode(), value.encode()) for name, value in {"Host": "tintype.test", **headers}.items()
        ],
    }
    await app(scope, incoming.get, send)
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent[1:]))
