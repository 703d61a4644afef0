"""Paths of all scripts in links, and invalid paths."""

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import expect_problem, new_visitor, ok


@pytest.mark.parametrize("path", ["/tags/日本/posts", "/tags/%23a%3Fb/posts", "/tags/猫 と 犬/posts"])
async def test_links_of_all_lists_lead_to_next_page(client: AsyncClient, path: str) -> None:
    ada = await new_visitor(client, "ada")
    posts = [(await ada.post("#日本 #ab #猫と犬", seed))["id"] for seed in range(3)]
    at: str | None = f"/v1{path}?limit=1"
    seen = []
    while at:
        answer = await client.get(at, headers=ada.headers)
        seen += [one["post"]["id"] for one in ok(answer)["items"]]
        link = answer.headers.get("link")
        at = link and link.removeprefix("<").removesuffix('>; rel="next"')
    assert seen == posts[::-1]


async def test_control_character_in_path_is_refused(client: AsyncClient) -> None:
    for path in ("/v1/tags/dog{}tag/posts", "/v1/posts/x/comments{}", "/@ada{}", "/tags/{}", "/{}"):
        for control in ("%0A", "%00", "%7F", "%1B[31m", "%C2%85", "%0D%0AX-Forged:1"):
            problem = expect_problem(await client.get(path.format(control)), 400, "malformed_path")
            assert problem["actual"] in {"U+000A", "U+0000", "U+007F", "U+001B", "U+0085", "U+000D"}
    assert "/v1/posts/x" not in (await client.get("/metrics")).text
