"""Common behaviour of lists: limit, cursor, and the link to the next page."""

from urllib.parse import parse_qs, urlsplit

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.conftest import sign_up
from tests.entrypoints.rest.test_errors import expect_problem


@pytest.fixture
async def followed_client(client: AsyncClient) -> AsyncClient:
    """Ada, with five followers."""
    await sign_up(client, "ada")
    for name in ("ben", "cem", "dia", "eve", "fay"):
        headers = await sign_up(client, name)
        assert (await client.put("/v1/users/ada/follow", headers=headers)).status_code == 204
    return client


FOLLOWERS = "/v1/users/ada/followers"


async def read_names(client: AsyncClient, path: str) -> tuple[list[str], str | None]:
    answer = await client.get(path)
    assert answer.status_code == 200
    return [item["username"] for item in answer.json()["items"]], answer.json()["next_cursor"]


async def test_paging_returns_each_item_once_and_ends(followed_client: AsyncClient) -> None:
    first, cursor = await read_names(followed_client, f"{FOLLOWERS}?limit=2")
    second, cursor = await read_names(followed_client, f"{FOLLOWERS}?limit=2&cursor={cursor}")
    third, end = await read_names(followed_client, f"{FOLLOWERS}?limit=2&cursor={cursor}")

    assert [*first, *second, *third] == ["fay", "eve", "dia", "cem", "ben"]
    assert end is None


async def test_link_contains_cursor_and_other_parameters(followed_client: AsyncClient) -> None:
    answer = await followed_client.get(f"{FOLLOWERS}?limit=2&note=a%20%26b")

    link, _, relation = answer.headers["link"].partition("; ")
    parts = urlsplit(link.strip("<>"))
    assert relation == 'rel="next"'
    assert parts.path == FOLLOWERS
    assert parse_qs(parts.query) == {"limit": ["2"], "note": ["a &b"], "cursor": [answer.json()["next_cursor"]]}
    assert answer.links["next"]["url"] == link.strip("<>")


async def test_link_leads_to_next_page(followed_client: AsyncClient) -> None:
    path, seen = f"{FOLLOWERS}?limit=1", []
    while path:
        answer = await followed_client.get(path)
        seen += [item["username"] for item in answer.json()["items"]]
        path = answer.links.get("next", {}).get("url", "")

    assert seen == ["fay", "eve", "dia", "cem", "ben"]


async def test_last_page_has_no_link(followed_client: AsyncClient) -> None:
    answer = await followed_client.get(f"{FOLLOWERS}?limit=5")

    assert answer.json()["next_cursor"] is None
    assert "link" not in answer.headers


async def test_items_added_meanwhile_neither_repeat_nor_skip(followed_client: AsyncClient) -> None:
    first, cursor = await read_names(followed_client, f"{FOLLOWERS}?limit=2")
    await followed_client.put("/v1/users/ada/follow", headers=await sign_up(followed_client, "gus"))
    rest, _ = await read_names(followed_client, f"{FOLLOWERS}?limit=9&cursor={cursor}")

    assert [*first, *rest] == ["fay", "eve", "dia", "cem", "ben"]


async def test_default_limit_is_twenty(client: AsyncClient) -> None:
    await sign_up(client, "ada")
    for number in range(21):
        await client.put("/v1/users/ada/follow", headers=await sign_up(client, f"fan{number:02}"))

    found, cursor = await read_names(client, FOLLOWERS)

    assert (len(found), cursor is None) == (20, False)


@pytest.mark.parametrize("limit", ["0", "101", "-1", "999999999"])
async def test_limit_out_of_range_is_refused(client: AsyncClient, limit: str) -> None:
    [error] = expect_problem(await client.get("/v1/posts", params={"limit": limit}), 422, "invalid")["errors"]

    assert (error["field"], error["code"], error["limit"]) == ("limit", "out_of_range", 1 if int(limit) < 1 else 100)
    assert str(error["actual"]) == limit


@pytest.mark.parametrize("limit", ["", " 5", "5.0", "1_0", "+5", "٥", "five", "1e1", "5\0", "9" * 5000])
async def test_limit_must_be_digits(client: AsyncClient, limit: str) -> None:
    [error] = expect_problem(await client.get("/v1/posts", params={"limit": limit}), 422, "invalid")["errors"]

    assert (error["field"], error["code"]) == ("limit", "wrong_type")


@pytest.mark.parametrize("limit", ["1", "100"])
async def test_bounds_of_limit_are_accepted(client: AsyncClient, limit: str) -> None:
    assert (await client.get("/v1/posts", params={"limit": limit})).status_code == 200


@pytest.mark.parametrize(
    ("target", "name"),
    [("/v1/posts?limit=5&limit=9", "limit"), ("/v1/rankings/most-liked?window=day&window=all", "window")],
)
async def test_repeated_parameter_is_refused(client: AsyncClient, target: str, name: str) -> None:
    [error] = expect_problem(await client.get(target), 422, "invalid")["errors"]

    assert (error["field"], error["code"]) == (name, "repeated")


@pytest.mark.parametrize("cursor", ["", "x", "é", "\0", "A" * 40, "A" * 50_000, "../../etc", "null"])
async def test_modified_cursor_is_refused(client: AsyncClient, cursor: str) -> None:
    assert (
        expect_problem(await client.get("/v1/posts", params={"cursor": cursor}), 422, "bad_cursor")["field"] == "cursor"
    )


async def test_cursor_of_other_list_is_refused(followed_client: AsyncClient) -> None:
    _, cursor = await read_names(followed_client, f"{FOLLOWERS}?limit=1")

    for path in ("/v1/users/ben/followers", "/v1/users/ada/following", "/v1/posts", "/v1/rankings/most-liked"):
        expect_problem(await followed_client.get(path, params={"cursor": cursor}), 422, "bad_cursor")


async def test_cursor_with_any_change_is_refused(followed_client: AsyncClient) -> None:
    _, cursor = await read_names(followed_client, f"{FOLLOWERS}?limit=1")
    assert cursor

    for place, letter in enumerate(cursor):
        other = cursor[:place] + ("A" if letter != "A" else "B") + cursor[place + 1 :]
        expect_problem(await followed_client.get(FOLLOWERS, params={"cursor": other}), 422, "bad_cursor")
