"""All lists of the API, read page by page during changes."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, expect_problem, new_visitor, ok

LISTS = [
    "/me/tokens",
    "/me/images",
    "/users/ada/posts",
    "/users/ada/likes",
    "/users/ada/followers",
    "/users/ada/following",
    "/posts",
    "/posts/{post}/likes",
    "/posts/{post}/comments",
    "/feed",
    "/rankings/most-liked",
    "/rankings/trending",
]


class Scenario:
    """Ada, and an action that adds one item to every list."""

    def __init__(self, ada: Visitor, post: Json) -> None:
        self.ada = ada
        self.post = post
        self._count = 0

    def path(self, template: str) -> str:
        return template.format(post=self.post["id"])

    async def add_items(self) -> None:
        self._count += 1
        other = await new_visitor(self.ada.client, f"neighbour_{self._count}")
        await other.follow(self.ada)
        await self.ada.follow(other)
        await other.like(self.post)
        await other.comment(self.post)
        mine = await self.ada.post(seed=self._count)
        await self.ada.like(mine)
        await other.post(seed=100 + self._count)
        await self.ada.sign_in_again()


@pytest.fixture
async def scenario(client: AsyncClient) -> Scenario:
    ada = await new_visitor(client, "ada")
    scenario = Scenario(ada, await ada.post())
    await ada.like(scenario.post)
    for _ in range(3):
        await scenario.add_items()
    return scenario


def item_ids(page: Json) -> list[str]:
    """The ids of the items; of ranked ones, those of their posts."""
    return [item.get("id") or item["post"]["id"] for item in page["items"]]


async def read_pages(scenario: Scenario, path: str, limit: int) -> AsyncIterator[list[str]]:
    """Read page by page by cursors."""
    cursor: str | None = None
    while True:
        page = await scenario.ada.read(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        yield item_ids(page)
        if (cursor := page["next_cursor"]) is None:
            return


@pytest.mark.parametrize("template", LISTS)
async def test_pages_equal_single_page(scenario: Scenario, template: str) -> None:
    path = scenario.path(template)
    whole = item_ids(await scenario.ada.read(path))
    assert len(whole) >= 3
    for limit in (1, 2, len(whole)):
        pages = [page async for page in read_pages(scenario, path, limit)]
        assert [item for page in pages for item in page] == whole
        assert {len(page) for page in pages[:-1]} <= {limit}


@pytest.mark.parametrize("template", [path for path in LISTS if "rankings" not in path])
async def test_items_added_meanwhile_neither_repeat_nor_skip(scenario: Scenario, template: str) -> None:
    path = scenario.path(template)
    there, seen = item_ids(await scenario.ada.read(path)), []
    async for page in read_pages(scenario, path, limit=1):
        seen += page
        if len(seen) < 4:
            await scenario.add_items()
    oldest_first = "comments" in path
    assert (seen[: len(there)] if oldest_first else seen) == there
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("template", LISTS)
async def test_cursor_of_other_list_is_refused(scenario: Scenario, template: str) -> None:
    path = scenario.path(template)
    cursor = (await scenario.ada.read(path, limit=1))["next_cursor"]
    ok(await scenario.ada.get(path, cursor=cursor))
    for other in LISTS:
        if other != template:
            expect_problem(await scenario.ada.get(scenario.path(other), cursor=cursor), 422, "bad_cursor")


@pytest.mark.parametrize("path", ["/me/tokens", "/me/images", "/feed"])
async def test_cursor_of_other_user_is_refused(scenario: Scenario, path: str, client: AsyncClient) -> None:
    cursor = (await scenario.ada.read(path, limit=1))["next_cursor"]
    expect_problem(await (await new_visitor(client, "bob")).get(path, cursor=cursor), 422, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_limits_out_of_range_are_refused(scenario: Scenario, limit: str) -> None:
    for template in LISTS:
        assert set(expect_invalid(await scenario.ada.get(scenario.path(template), limit=limit))) == {"limit"}
