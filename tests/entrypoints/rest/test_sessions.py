"""Ending sessions, and what is asked for before that."""

from httpx import AsyncClient

from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import Visitor, expect_problem, new_visitor, ok


async def test_all_sessions_end_at_once_and_nobody_else_s(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    other = await ada.sign_in_again()
    ok(await ada.call("DELETE", "/me/tokens"), 204)

    for ended in (ada, other):
        expect_problem(await ended.get("/me"), 401, "not_signed_in")
    await bob.read("/me")
    answer = await client.post("/v1/tokens", data={"username": "ada", "password": PASSWORD})
    again = Visitor(client, "ada", {"Authorization": f"Bearer {ok(answer)['access_token']}"})
    assert len((await again.read("/me/tokens"))["items"]) == 1


async def test_only_somebody_signed_in_ends_sessions(client: AsyncClient) -> None:
    expect_problem(await client.delete("/v1/me/tokens"), 401, "not_signed_in")
