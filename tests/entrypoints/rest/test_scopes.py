"""Tokens with fewer scopes: each call of the API refuses a token without the scope that it needs."""

from collections.abc import Iterator
from typing import Any

import pytest
from httpx import AsyncClient

from bin.openapi import documents
from container import Container
from domain.roles import Role
from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Visitor, expect_invalid, expect_problem, new_visitor, ok

SCOPES = {"read", "write", "moderate", "admin"}
PUBLIC = {
    ("POST", "/v1/users"),
    ("POST", "/v1/tokens"),
    ("POST", "/v1/tokens/passkey-challenges"),
    ("POST", "/v1/password-resets"),
    ("POST", "/v1/appeals"),
    ("GET", "/v1/sign-up"),
    ("GET", "/v1/terms"),
    ("GET", "/v1/terms/{version}"),
}
"""Calls that ignore tokens."""
OF_MODERATORS: tuple[str, ...] = ("/v1/moderation/", "/v1/invites")
OF_ADMINS: tuple[str, ...] = ("/v1/terms",)


def _calls() -> Iterator[tuple[str, str]]:
    for path, operations in documents()["openapi.json"]["paths"].items():
        if path.startswith("/v1/"):
            yield from ((method.upper(), path) for method in operations)


CALLS = sorted(set(_calls()) - PUBLIC)


def _needed(method: str, path: str) -> str:
    if path.startswith(OF_ADMINS):
        return "admin"
    if path.startswith(OF_MODERATORS):
        return "moderate"
    return "read" if method == "GET" else "write"


async def _admin_with(client: AsyncClient, container: Container, *scopes: str) -> Visitor:
    await new_visitor(client, "ada")
    await container.accounts().set_role("ada", Role.ADMIN)
    return await _token(client, scopes=" ".join(scopes))


async def _token(client: AsyncClient, **fields: Any) -> Visitor:
    answer = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD, **fields})
    return Visitor(client, "ada", {"Authorization": f"Bearer {ok(answer)['access_token']}"})


def _fill(path: str) -> str:
    parts = [UNKNOWN_ID if part.startswith("{") and part.endswith("_id}") else part for part in path.split("/")]
    return "/".join("1" if part.startswith("{") else part for part in parts).removeprefix("/v1")


async def test_calls_refuse_tokens_without_their_scope(client: AsyncClient, container: Container) -> None:
    visitors = {scope: await _admin_with_all_but(client, container, scope) for scope in SCOPES}
    for method, path in CALLS:
        needed = _needed(method, path)
        problem = expect_problem(await visitors[needed].call(method, _fill(path)), 403, "insufficient_scope")
        assert problem["limit"] == needed, (method, path)
        assert set(problem["actual"].split()) == SCOPES - {needed}


async def _admin_with_all_but(client: AsyncClient, container: Container, scope: str) -> Visitor:
    if (await client.get("/v1/users/ada")).status_code == 404:
        return await _admin_with(client, container, *(SCOPES - {scope}))
    return await _token(client, scopes=" ".join(SCOPES - {scope}))


@pytest.mark.parametrize(("method", "path"), [call for call in CALLS if not call[1].endswith("/stream")])
async def test_calls_accept_tokens_with_their_scope_alone(
    client: AsyncClient, container: Container, method: str, path: str
) -> None:
    ada = await _admin_with(client, container, _needed(method, path))

    answer = await ada.call(method, _fill(path))

    refused = answer.status_code in {401, 403} and answer.json()["code"] != "confirmation_required"
    assert not refused, answer.text


async def test_token_without_scopes_has_all_of_the_role(client: AsyncClient, container: Container) -> None:
    ada = await new_visitor(client, "ada")
    assert (await ada.read("/me/tokens"))["items"][0]["scopes"] == ["read", "write"]
    await container.accounts().set_role("ada", Role.MODERATOR)
    assert (await ada.read("/me/tokens"))["items"][0]["scopes"] == ["read", "write", "moderate"]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"scopes": ""}, {"scopes": "bad_format"}),
        ({"scopes": "everything"}, {"scopes": "bad_format"}),
        ({"scopes": "read admin"}, {"scopes": "not_allowed"}),
        ({"expires_in": "soon"}, {"expires_in": "bad_format"}),
        ({"expires_in": "59"}, {"expires_in": "out_of_range"}),
        ({"expires_in": str(367 * 86400)}, {"expires_in": "out_of_range"}),
        ({"name": "x" * 51}, {"name": "too_long"}),
    ],
)
async def test_invalid_request_creates_no_token(
    client: AsyncClient, fields: dict[str, str], faults: dict[str, str]
) -> None:
    ada = await new_visitor(client, "ada")

    answer = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD, **fields})

    assert expect_invalid(answer) == faults
    assert len((await ada.read("/me/tokens"))["items"]) == 1


async def test_token_of_program_is_listed_with_name_scopes_expiry_and_origin(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    client.headers["User-Agent"] = "backup/1.0"
    program = await _token(client, name="nightly backup", scopes="read", expires_in="86400")

    listed = (await ada.read("/me/tokens"))["items"][0]

    assert (listed["name"], listed["scopes"], listed["current"]) == ("nightly backup", ["read"], False)
    assert (listed["device"], listed["address"]) == ("backup", "127.0.0.1")
    assert expect_problem(await program.call("DELETE", "/me"), 403, "insufficient_scope")["limit"] == "write"
    assert (await program.read("/me"))["username"] == "ada"


async def test_last_use_is_written_after_request(client: AsyncClient, container: Container) -> None:
    ada = await new_visitor(client, "ada")
    assert (await ada.read("/me/tokens"))["items"][0]["last_used_at"] is None

    await container.token_uses().write()

    assert (await ada.read("/me/tokens"))["items"][0]["last_used_at"] is not None


async def test_details_of_readiness_need_scope_of_admins(client: AsyncClient, container: Container) -> None:
    reader, full = await _admin_with(client, container, "read"), await _token(client)

    hidden, shown = [(await client.get("/readyz", headers=one.headers)).json()["parts"][0] for one in (reader, full)]

    assert hidden["detail"] is None
    assert shown["detail"] is not None
