"""Regression tests of hostile and faulty clients."""

import pytest
from httpx import AsyncClient

from container import Container
from entrypoints.asgi import create_app
from tests.entrypoints.incomplete_requests import send_incomplete
from tests.entrypoints.rest.conftest import sign_up


@pytest.mark.parametrize(
    ("path", "media_type", "half"),
    [
        ("/v1/posts", "application/json", b'{"text":'),
        ("/v1/images", "multipart/form-data; boundary=edge", b'--edge\r\nContent-Disposition: form-data; name="file"'),
    ],
)
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "half"}])
async def test_incomplete_body_is_no_internal_error(
    container: Container, client: AsyncClient, path: str, media_type: str, half: bytes, key: dict[str, str]
) -> None:
    headers = await sign_up(client, "ada") | key | {"Content-Type": media_type, "Content-Length": "5000"}

    status, found = await send_incomplete(create_app(container), path, headers, half)

    assert (status, found["code"]) == (400, "malformed_body")
