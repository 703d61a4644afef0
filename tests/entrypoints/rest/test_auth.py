"""Authentication by bearer tokens."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD, client_of, sign_up
from tests.entrypoints.rest.test_errors import expect_problem

SOME_ID = "0198c0de-0000-7000-8000-000000000000"
NEED_A_TOKEN = [
    ("GET", "/v1/me"),
    ("PATCH", "/v1/me"),
    ("DELETE", "/v1/me"),
    ("GET", "/v1/me/tokens"),
    ("GET", "/v1/me/images"),
    ("DELETE", "/v1/tokens/current"),
    ("DELETE", f"/v1/me/tokens/{SOME_ID}"),
    ("GET", "/v1/feed"),
    ("PUT", "/v1/users/ada/follow"),
    ("DELETE", "/v1/users/ada/follow"),
    ("POST", "/v1/images"),
    ("DELETE", f"/v1/images/{SOME_ID}"),
    ("POST", f"/v1/images/{SOME_ID}/understanding/caption"),
    ("GET", f"/v1/images/{SOME_ID}/sensitive-media"),
    ("DELETE", f"/v1/posts/{SOME_ID}"),
    ("PUT", f"/v1/posts/{SOME_ID}/like"),
    ("DELETE", f"/v1/comments/{SOME_ID}"),
]
NEED_NONE = ["/v1/posts", "/v1/users/ada", "/v1/users/ada/likes", "/v1/rankings/trending", "/v1/rankings/most-liked"]


@pytest.mark.parametrize(("method", "path"), NEED_A_TOKEN)
async def test_personal_calls_require_token(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, json={} if method == "PATCH" else None)

    assert "POST /v1/tokens" in expect_problem(answer, 401, "not_signed_in")["detail"]
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/posts"), ("PATCH", "/v1/me"), ("PUT", "/v1/me/password")])
@pytest.mark.parametrize("content", [b"", b"{", b"x" * 2_000_000])
async def test_authentication_precedes_other_checks(
    client: AsyncClient, method: str, path: str, content: bytes
) -> None:
    expect_problem(await client.request(method, path, content=content), 401, "not_signed_in")


@pytest.mark.parametrize("path", NEED_NONE)
async def test_public_calls_need_no_token(client: AsyncClient, path: str) -> None:
    await sign_up(client, "ada")

    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YWRhOmFkYQ==", "bearer unknown", "Bearer ünknown", "Bearer a b", "token"]
)
@pytest.mark.parametrize("path", ["/v1/me", "/v1/posts"])
async def test_invalid_token_is_refused_by_public_calls(client: AsyncClient, path: str, header: str) -> None:
    answer = await client.get(path, headers={b"Authorization": header.encode()})

    expect_problem(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_scheme_is_case_insensitive(client: AsyncClient) -> None:
    secret = (await sign_up(client, "ada"))["Authorization"].removeprefix("Bearer ")

    for scheme in ("bearer", "BEARER", "Bearer "):
        assert (await client.get("/v1/me", headers={"Authorization": f"{scheme} {secret}"})).status_code == 200


async def test_token_expires_at_stated_time() -> None:
    clock = StoppedClock()
    container = memory_container(config={"token_days": 1}, clock=clock)
    async with client_of(container) as client:
        headers = await sign_up(client, "ada")
        clock.advance(timedelta(days=1, seconds=-1))
        assert (await client.get("/v1/me", headers=headers)).status_code == 200
        clock.advance(timedelta(seconds=1))
        answer = await client.get("/v1/me", headers=headers)

    assert "expired_at" in expect_problem(answer, 401, "token_expired")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_wrong_credentials_reveal_nothing(client: AsyncClient) -> None:
    await sign_up(client, "ada")

    wrong = await client.post("/v1/tokens", data={"username": "ada", "password": "not this one"})
    unknown = await client.post("/v1/tokens", data={"username": "nobody", "password": PASSWORD})

    told = [expect_problem(answer, 401, "wrong_credentials")["detail"] for answer in (wrong, unknown)]
    assert told[0] == told[1]
    assert wrong.headers["www-authenticate"] == "Bearer"


async def test_signed_out_token_is_refused(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")

    assert (await client.delete("/v1/tokens/current", headers=headers)).status_code == 204

    expect_problem(await client.get("/v1/me", headers=headers), 401, "not_signed_in")


async def test_token_of_deleted_account_is_refused(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")

    assert (await client.delete("/v1/me", headers=headers)).status_code == 204

    expect_problem(await client.get("/v1/posts", headers=headers), 401, "not_signed_in")


async def test_malformed_token_is_invalid(client: AsyncClient) -> None:
    headers = await sign_up(client, "ada")

    for path in ("/v1/posts/x", "/v1/images/1", f"/v1/posts/{SOME_ID.upper()}", f"/v1/posts/{{{SOME_ID}}}"):
        expect_problem(await client.get(path, headers=headers), 404, "not_found")
