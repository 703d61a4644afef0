"""Every list of the API, walked page by page while the world goes on."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Json, Visitor, invalid, ok, refused, visitor

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


class Village:
    """Ada, and what adds one more item to every list at once."""

    def __init__(self, ada: Visitor, post: Json) -> None:
        self.ada = ada
        self.post = post
        self._grown = 0

    def path(self, template: str) -> str:
        return template.format(post=self.post["id"])

    async def grow(self) -> None:
        self._grown += 1
        other = await visitor(self.ada.client, f"neighbour_{self._grown}")
        await other.follow(self.ada)
        await self.ada.follow(other)
        await other.like(self.post)
        await other.comment(self.post)
        mine = await self.ada.post(seed=self._grown)
        await self.ada.like(mine)
        await other.post(seed=100 + self._grown)
        await self.ada.sign_in_again()


@pytest.fixture
async def village(client: AsyncClient) -> Village:
    ada = await visitor(client, "ada")
    village = Village(ada, await ada.post())
    await ada.like(village.post)
    for _ in range(3):
        await village.grow()
    return village


def known(page: Json) -> list[str]:
    """What each item is known by: a ranked one by its post."""
    return [item.get("id") or item["post"]["id"] for item in page["items"]]


async def walk(village: Village, path: str, limit: int) -> AsyncIterator[list[str]]:
    """Page by page, following the cursor."""
    cursor: str | None = None
    while True:
        page = await village.ada.read(path, limit=limit, **({"cursor": cursor} if cursor else {}))
        yield known(page)
        if (cursor := page["next_cursor"]) is None:
            return


@pytest.mark.parametrize("template", LISTS)
async def test_a_walk_shows_what_one_page_shows(village: Village, template: str) -> None:
    path = village.path(template)
    whole = known(await village.ada.read(path))
    assert len(whole) >= 3
    for limit in (1, 2, len(whole)):
        pages = [page async for page in walk(village, path, limit)]
        assert [item for page in pages for item in page] == whole
        assert {len(page) for page in pages[:-1]} <= {limit}


@pytest.mark.parametrize("template", [path for path in LISTS if "rankings" not in path])
async def test_what_is_added_meanwhile_neither_repeats_nor_skips(village: Village, template: str) -> None:
    path = village.path(template)
    there, seen = known(await village.ada.read(path)), []
    async for page in walk(village, path, limit=1):
        seen += page
        if len(seen) < 4:
            await village.grow()
    oldest_first = "comments" in path
    assert (seen[: len(there)] if oldest_first else seen) == there
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("template", LISTS)
async def test_a_cursor_is_good_for_its_own_list_alone(village: Village, template: str) -> None:
    path = village.path(template)
    cursor = (await village.ada.read(path, limit=1))["next_cursor"]
    ok(await village.ada.get(path, cursor=cursor))
    for other in LISTS:
        if other != template:
            refused(await village.ada.get(village.path(other), cursor=cursor), 422, "bad_cursor")


@pytest.mark.parametrize("path", ["/me/tokens", "/me/images", "/feed"])
async def test_a_cursor_of_mine_is_nobody_elses(village: Village, path: str, client: AsyncClient) -> None:
    cursor = (await village.ada.read(path, limit=1))["next_cursor"]
    refused(await (await visitor(client, "bob")).get(path, cursor=cursor), 422, "bad_cursor")


@pytest.mark.parametrize("limit", ["0", "101", "many"])
async def test_no_list_bends_a_limit(village: Village, limit: str) -> None:
    for template in LISTS:
        assert set(invalid(await village.ada.get(village.path(template), limit=limit))) == {"limit"}
