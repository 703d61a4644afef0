"""Bodies and parts that are compressed or encoded."""

import gzip

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.conftest import sign_up
from tests.entrypoints.rest.test_errors import expect_problem
from tests.sample_images import a_jpeg

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=edge"}
PART = b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'


@pytest.fixture
async def headers(client: AsyncClient) -> dict[str, str]:
    return await sign_up(client, "ada")


@pytest.mark.parametrize("encoding", ["gzip", "br, gzip", "x"])
async def test_encoded_body_is_refused(client: AsyncClient, headers: dict[str, str], encoding: str) -> None:
    encoded, zipped = {"Content-Encoding": encoding}, gzip.compress(b"{}")
    answers = [
        await client.post("/v1/posts", content=zipped, headers=headers | JSON | encoded),
        await client.post("/v1/images", content=zipped, headers=headers | FORM | encoded),
        await client.post("/v1/tokens", data={"username": "ada"}, headers=encoded),
        await client.post("/sign-in", data={"username": "ada"}, headers=encoded | {"HX-Request": "true"}),
    ]
    for answer in answers:
        assert "send it uncompressed" in expect_problem(answer, 415, "unsupported_media_type")["detail"]


async def test_identity_is_no_encoding(client: AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/v1/posts", content=b"{}", headers=headers | JSON | {"Content-Encoding": "identity"})
    expect_problem(answer, 422, "invalid")


@pytest.mark.parametrize(("encoding", "status"), [("base64", 400), ("quoted-printable", 400), ("Binary", 201)])
async def test_part_is_not_decoded(client: AsyncClient, headers: dict[str, str], encoding: str, status: int) -> None:
    part = f"--edge\r\nContent-Transfer-Encoding: {encoding}\r\n".encode() + PART + a_jpeg() + b"\r\n--edge--\r\n"
    answer = await client.post("/v1/images", content=part, headers=headers | FORM)
    assert answer.status_code == status
    if status == 400:
        assert encoding in expect_problem(answer, 400, "malformed_body")["detail"]
