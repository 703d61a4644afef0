"""Any input is answered or refused with a reason, without internal errors and within memory limits."""

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

import pytest
from httpx import AsyncClient, Response

from domain.json_input import MAX_DEPTH
from entrypoints.http.bodies import MAX_BODY
from entrypoints.http.uploads import FORM_OVERHEAD
from tests.containers import memory_container
from tests.entrypoints.rest.conftest import client_of, sign_up
from tests.entrypoints.rest.test_errors import expect_problem
from tests.sample_images import a_jpeg

NESTED: dict[str, Callable[[int], bytes]] = {
    "arrays": lambda depth: b"[" * depth + b"]" * depth,
    "objects": lambda depth: b'{"a":' * depth + b"1" + b"}" * depth,
    "a field": lambda depth: b'{"text":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}",
    "open arrays": lambda depth: b"[" * depth,
}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "multipart/form-data; boundary=edge"}
SMALL_LIMIT = 10_000


@pytest.fixture
async def headers(client: AsyncClient) -> dict[str, str]:
    return await sign_up(client, "ada")


async def post_json(client: AsyncClient, headers: dict[str, str], content: bytes) -> Response:
    return await client.post("/v1/posts", content=content, headers=headers | JSON)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"   ", id="blanks"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"{'text': 1}", id="no JSON"),
        pytest.param(b'{"text": "\xff"}', id="not UTF-8"),
        pytest.param('{"text": "x"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"text": "x"}', id="a byte order mark"),
        pytest.param(b'{"text": NaN}', id="NaN"),
        pytest.param(b'{"text": -Infinity}', id="Infinity"),
        pytest.param(b'{"text": ' + b"9" * 5000 + b"}", id="an endless number"),
        pytest.param(b'{"text": "x"} {}', id="two of them"),
        pytest.param(b'{"text": "x", "text": "y"}', id="a member twice"),
        pytest.param(b'{"text": "\\ud83d', id="half an escape"),
    ],
)
async def test_invalid_json_is_malformed(client: AsyncClient, headers: dict[str, str], content: bytes) -> None:
    assert expect_problem(await post_json(client, headers, content), 400, "malformed_body")["detail"].startswith(
        "the body is"
    )


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "deep"}], ids=["without a key", "with a key"])
@pytest.mark.parametrize("kind", NESTED)
async def test_too_deep_json_is_refused(
    client: AsyncClient, headers: dict[str, str], kind: str, key: dict[str, str]
) -> None:
    for depth in (MAX_DEPTH + 1, 100, 950, 3_000, 100_000):
        found = expect_problem(await post_json(client, headers | key, NESTED[kind](depth)), 400, "malformed_body")

        assert (found["limit"], f"nested {depth} levels deep" in found["detail"]) == (MAX_DEPTH, True)


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "deep"}], ids=["without a key", "with a key"])
@pytest.mark.parametrize("depth", [10, MAX_DEPTH])
@pytest.mark.parametrize("kind", ["arrays", "objects", "a field"])
async def test_json_within_depth_limit_is_validated(
    client: AsyncClient, headers: dict[str, str], kind: str, depth: int, key: dict[str, str]
) -> None:
    expect_problem(await post_json(client, headers | key, NESTED[kind](depth)), 422, "invalid")


async def test_brackets_in_strings_are_not_nesting(client: AsyncClient, headers: dict[str, str]) -> None:
    name = '[{"\\' * 10

    answer = await client.patch("/v1/me", json={"display_name": name}, headers=headers)

    assert (answer.status_code, answer.json()["display_name"]) == (200, name)


@pytest.mark.parametrize("kind", NESTED)
async def test_nested_json_in_cursor_or_form_is_text(client: AsyncClient, headers: dict[str, str], kind: str) -> None:
    text = NESTED[kind](3_000)

    cursor = {"cursor": urlsafe_b64encode(text).decode()}
    expect_problem(await client.get("/v1/me/images", params=cursor, headers=headers), 422, "bad_cursor")
    signing_in = await client.post("/v1/tokens", data={"username": text.decode(), "password": "x"})
    assert signing_in.status_code in {401, 422}, signing_in.text


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b'{"image_ids": [], "text": "a\\u0000b"}', "text"),
        (b'{"image_ids": [], "text": "\\ud800"}', "text"),
        (b'{"image_ids": [], "text": "\\udfff\\ud800"}', "text"),
        (b'{"image_ids": ["\\u0000"]}', "image_ids.0"),
        (b'{"\\ud800": 1}', "body"),
        (b'{"a": {"\\u0000": 1}}', "a"),
        (b'["\\u0000"]', "0"),
        (b'"\\ud800"', "body"),
    ],
)
async def test_unstorable_text_is_refused_everywhere(
    client: AsyncClient, headers: dict[str, str], body: bytes, field: str
) -> None:
    errors = expect_problem(await post_json(client, headers, body), 422, "invalid")["errors"]

    assert [(error["field"], error["code"]) for error in errors] == [(field, "bad_character")]


async def test_surrogate_pair_is_character(client: AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.patch("/v1/me", content=b'{"display_name": "\\ud83d\\ude00"}', headers=headers | JSON)

    assert (answer.status_code, answer.json()["display_name"]) == (200, "😀")


@pytest.mark.parametrize("path", ["/v1/users/%ED%A0%80", "/v1/images/%F0%9F/file"])
async def test_invalid_names_in_paths_are_not_found(client: AsyncClient, path: str) -> None:
    expect_problem(await client.get(path, params={"size": "thumb"}), 404, "not_found")


async def test_path_of_raw_bytes_is_not_found(client: AsyncClient) -> None:
    expect_problem(await client.get("/%ED%A0%80%FF"), 404, "not_found")


@pytest.mark.parametrize("sent", [None, "text/plain", "application/x-www-form-urlencoded", "json", "application/jsonx"])
async def test_json_requires_content_type(client: AsyncClient, headers: dict[str, str], sent: str | None) -> None:
    kind = {"Content-Type": sent} if sent else {}

    answer = await client.post("/v1/posts", content=b"{}", headers=headers | kind)

    assert expect_problem(answer, 415, "unsupported_media_type")["limit"] == "application/json"


@pytest.mark.parametrize("sent", ["application/json", "Application/JSON; charset=utf-8"])
async def test_json_can_state_charset(client: AsyncClient, headers: dict[str, str], sent: str) -> None:
    answer = await client.post("/v1/posts", content=b"{}", headers=headers | {"Content-Type": sent})

    expect_problem(answer, 422, "invalid")


async def test_forms_require_content_type(client: AsyncClient, headers: dict[str, str]) -> None:
    signing_in = await client.post("/v1/tokens", json={"username": "ada", "password": "x"})
    uploading = await client.post("/v1/images", json={}, headers=headers)
    url_encoded = await client.post("/v1/images", data={"file": "x"}, headers=headers)

    assert expect_problem(signing_in, 415, "unsupported_media_type")["limit"] == "application/x-www-form-urlencoded"
    for answer in (uploading, url_encoded):
        assert expect_problem(answer, 415, "unsupported_media_type")["limit"] == "multipart/form-data"


PART = b'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"no form at all", id="garbage"),
        pytest.param(b"--other\r\n" + PART + b"x\r\n--other--\r\n", id="another boundary"),
        pytest.param(b"--edge\r\nno header\r\n\r\nx\r\n--edge--\r\n", id="no header"),
        pytest.param(b"--edge\r\nContent-Type: text/plain\r\n\r\nx\r\n--edge--\r\n", id="no name"),
        pytest.param(b"--edge\r\n" + PART + b"\r\n--edge\r\n" * 200 + b"--edge--\r\n", id="many parts"),
        pytest.param(b"--edge\r\n" + PART + b"half an image", id="cut off"),
        pytest.param(b"", id="nothing"),
    ],
)
async def test_malformed_form_stores_nothing(client: AsyncClient, headers: dict[str, str], content: bytes) -> None:
    answer = await client.post("/v1/images", content=content, headers=headers | FORM)

    expect_problem(answer, 400, "malformed_body")
    assert (await client.get("/v1/me/images", headers=headers)).json()["items"] == []


@pytest.mark.parametrize("charset", ["unicode_escape", "idna", "punycode", "utf-7", "utf-16", "hex", "undefined", "?"])
async def test_charsets_of_form_are_harmless(client: AsyncClient, headers: dict[str, str], charset: str) -> None:
    content = b'--edge\r\nContent-Disposition: form-data; name="\\ud800"\r\n\r\n\\ud800\xff.-+2AA-\r\n--edge--\r\n'
    kind = {"Content-Type": f"{FORM['Content-Type']}; charset={charset}"}

    answer = await client.post("/v1/images", content=content, headers=headers | kind)

    assert answer.status_code in {400, 422}, answer.text


async def test_empty_form_lacks_file(client: AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/v1/images", content=b"--edge--\r\n", headers=headers | FORM)

    [error] = expect_problem(answer, 422, "invalid")["errors"]
    assert (error["field"], error["code"]) == ("file", "missing")


async def test_form_without_boundary_is_malformed(client: AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/v1/images", content=b"x", headers=headers | {"Content-Type": "multipart/form-data"})

    expect_problem(answer, 400, "malformed_body")


async def test_two_files_are_refused(client: AsyncClient, headers: dict[str, str]) -> None:
    files = [("file", ("a.jpg", a_jpeg())), ("file", ("b.jpg", a_jpeg()))]

    found = expect_problem(await client.post("/v1/images", files=files, headers=headers), 422, "too_many_files")

    assert (found["limit"], found["actual"]) == (1, 2)


async def split_body(body: bytes, piece: int = 4096) -> AsyncIterator[bytes]:
    """A body without a stated size."""
    for start in range(0, len(body), piece):
        yield body[start : start + piece]


async def test_json_body_is_limited_to_mebibyte(client: AsyncClient, headers: dict[str, str]) -> None:
    fitting = json.dumps({"text": ""}).encode().ljust(MAX_BODY)

    expect_problem(await post_json(client, headers, fitting), 422, "invalid")
    found = expect_problem(await post_json(client, headers, fitting + b" "), 400, "malformed_body")
    assert found["limit"] == MAX_BODY
    assert "1 MiB" in found["detail"]


async def test_body_of_unknown_size_is_limited(client: AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/v1/posts", content=split_body(b"x" * (MAX_BODY + 1)), headers=headers | JSON)

    assert expect_problem(answer, 400, "malformed_body")["limit"] == MAX_BODY


async def test_form_without_files_is_limited(client: AsyncClient) -> None:
    answer = await client.post("/v1/tokens", data={"username": "ada", "password": "x" * MAX_BODY})

    assert expect_problem(answer, 400, "malformed_body")["limit"] == MAX_BODY


@pytest.mark.parametrize("announced", [True, False])
async def test_too_large_upload_states_limit(*, announced: bool) -> None:
    size = SMALL_LIMIT + FORM_OVERHEAD + 1
    body = (b"--edge\r\n" + PART).ljust(size, b"x")
    async with client_of(memory_container(config={"max_upload_bytes": SMALL_LIMIT})) as client:
        headers = await sign_up(client, "ada")
        content = body if announced else split_body(body)
        answer = await client.post("/v1/images", content=content, headers=headers | FORM)

    found = expect_problem(answer, 413, "image_too_large")
    assert found["limit"] == SMALL_LIMIT
    assert found["actual"] == (size if announced else None)


@pytest.mark.parametrize(("extra", "status"), [(0, 201), (1, 413)])
async def test_limit_applies_to_file_not_to_form(extra: int, status: int) -> None:
    limit = len(a_jpeg())
    async with client_of(memory_container(config={"max_upload_bytes": limit})) as client:
        headers = await sign_up(client, "ada")
        file = ("a" * 200 + ".jpg", a_jpeg() + b"x" * extra)
        answer = await client.post("/v1/images", files={"file": file}, headers=headers)

    assert answer.status_code == status, answer.text
    if extra:
        found = expect_problem(answer, 413, "image_too_large")
        assert (found["limit"], found["actual"]) == (limit, limit + 1)


async def test_limit_precedes_idempotency() -> None:
    async with client_of(memory_container(config={"max_upload_bytes": SMALL_LIMIT})) as client:
        headers = await sign_up(client, "ada") | {"Idempotency-Key": "k"}
        huge = await client.post("/v1/images", content=b"x" * 100_000, headers=headers | FORM)
        small = await client.post("/v1/images", files={"file": ("a.jpg", a_jpeg())}, headers=headers)

    expect_problem(huge, 413, "image_too_large")
    assert small.status_code == 201


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "٣", "1e3", ""])
async def test_invalid_content_length_is_refused(client: AsyncClient, headers: dict[str, str], length: str) -> None:
    sent = {b"Content-Length": length.encode(), **{name.encode(): value.encode() for name, value in headers.items()}}

    answer = await client.post(
        "/v1/images", content=b"x", headers=sent | {b"Content-Type": FORM["Content-Type"].encode()}
    )

    expect_problem(answer, 400, "malformed_body")


@pytest.mark.parametrize("name", ["'; drop table users; --", "../../etc/passwd", "<script>", "%", "ada%27", "a" * 5000])
async def test_hostile_names_are_unknown_fields(client: AsyncClient, name: str) -> None:
    answer = await client.get(f"/v1/users/{quote(name, safe='')}")

    expect_problem(answer, 404, "not_found")


async def test_problem_does_not_repeat_input(client: AsyncClient, headers: dict[str, str]) -> None:
    secret = "correct horse battery staple " * 20

    answer = await client.post("/v1/users", json={"username": secret, "email": [secret], "password": {"x": secret}})

    expect_problem(answer, 422, "invalid")
    assert secret not in answer.text
