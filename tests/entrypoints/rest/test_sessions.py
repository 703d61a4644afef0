"""Ending sessions, and its requirements."""

from httpx import AsyncClient

from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor, ok


async def test_all_own_sessions_end(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    other = await ada.sign_in_again()
    ok(await ada.call("DELETE", "/me/tokens"), 204)

    for ended in (ada, other):
        expect_problem(await ended.get("/me"), 401, "not_signed_in")
    await bob.read("/me")
    answer = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD})
    again = Visitor(client, "ada", {"Authorization": f"Bearer {ok(answer)['access_token']}"})
    assert len((await again.read("/me/tokens"))["items"]) == 1


async def test_ending_sessions_requires_token(client: AsyncClient) -> None:
    expect_problem(await client.delete("/v1/me/tokens"), 401, "not_signed_in")
