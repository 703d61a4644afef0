from datetime import datetime, timedelta

import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD, client_of
from tests.entrypoints.rest.visitors import (
    UNKNOWN_ID,
    Json,
    Visitor,
    expect_invalid,
    expect_problem,
    ids,
    new_visitor,
    ok,
)

ADAS = {"username": "ada", "password": PASSWORD}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"username": "ADA"},
        {"username": "Ada@Example.com"},
        {"grant_type": "password"},
        {"scope": "", "client_id": "an app", "client_secret": "x"},
    ],
)
async def test_sign_in_returns_token(client: AsyncClient, fields: Json) -> None:
    await new_visitor(client, "ada")
    bought = ok(await client.post("/v1/tokens", data={**ADAS, **fields}))
    assert set(bought) == {"access_token", "token_type", "expires_in", "expires_at"}
    assert (bought["token_type"], bought["expires_in"]) == ("bearer", 30 * 86400)
    assert datetime.fromisoformat(bought["expires_at"]).utcoffset() == timedelta(0)
    assert bought["expires_at"].endswith("Z")
    me = await client.get("/v1/me", headers={"Authorization": f"Bearer {bought['access_token']}"})
    assert ok(me)["username"] == "ada"


@pytest.mark.parametrize("fields", [{"password": "wrong horse"}, {"username": "nobody"}, {"username": "x" * 1000}])
async def test_wrong_credentials_reveal_nothing(client: AsyncClient, fields: Json) -> None:
    await new_visitor(client, "ada")
    answer = await client.post("/v1/tokens", data={**ADAS, **fields})
    problem = expect_problem(answer, 401, "wrong_credentials")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert problem["detail"] == "no account has this name (or e-mail) and password; check both and try again"


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"username": "ada"}, {"password": "missing"}),
        ({"scope": ""}, {"username": "missing", "password": "missing"}),
        ({**ADAS, "grant_type": "client_credentials"}, {"grant_type": "not_allowed"}),
        ({**ADAS, "otp": "1"}, {"otp": "unknown_field"}),
        ({**ADAS, "username": ["ada", "bob"]}, {"username": "repeated"}),
        ({**ADAS, "password": "a\0b"}, {"password": "bad_character"}),
    ],
)
async def test_invalid_form_is_refused_with_reason(client: AsyncClient, fields: Json, faults: Json) -> None:
    assert expect_invalid(await client.post("/v1/tokens", data=fields)) == faults


async def test_sign_in_requires_form(client: AsyncClient) -> None:
    expect_problem(await client.post("/v1/tokens", json=ADAS), 415, "unsupported_media_type")


async def test_sign_out_ends_current_session_only(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    other = ok(await client.post("/v1/tokens", data=ADAS))["access_token"]
    ok(await ada.call("DELETE", "/tokens/current"), 204)
    expect_problem(await ada.get("/me"), 401, "not_signed_in")
    expect_problem(await ada.call("DELETE", "/tokens/current"), 401, "not_signed_in")
    ok(await client.get("/v1/me", headers={"Authorization": f"Bearer {other}"}))


async def test_tokens_are_sorted_newest_first_with_current_one_marked(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    await new_visitor(client, "bob")
    second = ok(await client.post("/v1/tokens", data=ADAS))
    listed = (await ada.read("/me/tokens"))["items"]
    assert [token["current"] for token in listed] == [False, True]
    assert set(listed[0]) == {
        "id", "name", "scopes", "created_at", "last_used_at", "expires_at", "device", "address", "current",
    }  # fmt: skip
    assert listed[0]["expires_at"] == second["expires_at"]
    assert second["access_token"] not in str(listed)


async def test_only_owner_can_revoke_token(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    (token_id,) = ids(await ada.read("/me/tokens"))
    expect_problem(await bob.call("DELETE", f"/me/tokens/{token_id}"), 404, "not_found")
    ok(await ada.call("DELETE", f"/me/tokens/{token_id}"), 204)
    expect_problem(await ada.get("/me/tokens"), 401, "not_signed_in")


@pytest.mark.parametrize("token_id", [UNKNOWN_ID, "1", "current"])
async def test_missing_token_cannot_be_revoked(client: AsyncClient, token_id: str) -> None:
    ada = await new_visitor(client, "ada")
    expect_problem(await ada.call("DELETE", f"/me/tokens/{token_id}"), 404, "not_found")


async def test_token_expires(clock: StoppedClock, client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    await ada.read("/me")
    clock.advance(timedelta(seconds=1))
    for path in ("/me", "/posts"):  # a bad token is no reason to answer as if there were none
        answer = await ada.get(path)
        expect_problem(answer, 401, "token_expired")
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_lifetime_of_tokens_is_configurable() -> None:
    async with client_of(memory_container(config={"token_days": 2})) as client:
        await new_visitor(client, "ada")
        assert ok(await client.post("/v1/tokens", data=ADAS))["expires_in"] == 2 * 86400


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def container(clock: StoppedClock) -> Container:
    return memory_container(clock=clock)


async def test_token_calls_require_token(client: AsyncClient) -> None:
    nobody = Visitor(client)
    calls = [("GET", "/me/tokens"), ("DELETE", f"/me/tokens/{UNKNOWN_ID}"), ("DELETE", "/tokens/current")]
    for method, path in calls:
        expect_problem(await nobody.call(method, path), 401, "not_signed_in")
