"""What hostile and clumsy clients were seen to break, each once."""

import asyncio
import json
from typing import Any

import pytest
from httpx import AsyncClient

from container import Container
from entrypoints.rest.app import create_app
from tests.entrypoints.rest.conftest import sign_up


@pytest.mark.parametrize(
    ("path", "media_type", "half"),
    [
        ("/v1/posts", "application/json", b'{"text":'),
        ("/v1/images", "multipart/form-data; boundary=edge", b'--edge\r\nContent-Disposition: form-data; name="file"'),
    ],
)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "half"}])
async def test_a_body_cut_off_on_its_way_is_no_fault_of_ours(
    container: Container, client: AsyncClient, path: str, media_type: str, half: bytes, key: dict[str, str]
) -> None:
    headers = await sign_up(client, "ada") | key | {"Content-Type": media_type, "Content-Length": "5000"}

    status, found = await cut_off(container, path, headers, half)

    assert (status, found["code"]) == (400, "malformed_body")


async def cut_off(container: Container, path: str, headers: dict[str, str], half: bytes) -> tuple[int, dict[str, Any]]:
    """What the API answers to a client that stops sending after `half`, which httpx cannot be."""
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
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await create_app(container)(scope, incoming.get, send)
    return sent[0]["status"], json.loads(b"".join(message.get("body", b"") for message in sent[1:]))
