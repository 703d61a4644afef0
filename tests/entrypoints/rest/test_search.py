"""Search by words and names, and tags, over the API."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from container import Container
from domain.ids import ImageId
from domain.jobs import Job
from domain.understanding import Task
from tests.entrypoints.rest.visitors import Visitor, expect_invalid, expect_problem, new_visitor, ok


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def search_posts(who: Visitor, q: str, **params: Any) -> list[tuple[str, float]]:
    return [(hit["post"]["id"], hit["score"]) for hit in (await who.read("/search", q=q, **params))["items"]]


async def test_posts_are_found_by_text_and_labels(ada: Visitor, client: AsyncClient) -> None:
    older, newer = await ada.post("Dogs at the #sea"), await ada.post("at sea", seed=1)
    image = newer["images"][0]["id"]
    ok(await ada.call("PATCH", f"/images/{image}", json={"alt_text": "one dog"}))
    nobody = Visitor(client)

    assert await search_posts(nobody, "dog") == [(older["id"], 1.0), (newer["id"], 0.5)]
    assert await search_posts(nobody, "DOG sea") == [(older["id"], 2.0), (newer["id"], 1.5)]
    assert await search_posts(nobody, "dog mountain") == []
    (first,) = (await nobody.read("/search", q="dog", limit=1))["items"]
    assert first["post"] == await nobody.read(f"/posts/{older['id']}")
    assert first["image_id"] == older["images"][0]["id"]

    ok(await ada.call("PATCH", f"/posts/{older['id']}", json={"text": "cats"}))
    assert await search_posts(nobody, "dog") == [(newer["id"], 0.5)]
    ok(await ada.call("PATCH", f"/images/{image}", json={"alt_text": None}))
    assert await search_posts(nobody, "dog") == []


async def test_results_are_paged(ada: Visitor) -> None:
    posts = [(await ada.post("sea", seed=seed))["id"] for seed in range(5)]
    first = await ada.read("/search", q="sea", limit=3)
    rest = await ada.read("/search", q="sea", limit=3, cursor=first["next_cursor"])
    assert [hit["post"]["id"] for hit in first["items"] + rest["items"]] == posts[::-1]
    expect_problem(await ada.get("/search", q="dog", cursor=first["next_cursor"]), 422, "bad_cursor")


async def test_labels_are_found_until_marked_wrong(ada: Visitor, container: Container) -> None:
    post = await ada.post("")
    image = post["images"][0]["id"]
    await container.image_analysis().attempt(Job(Task.CLASSIFICATION, ImageId(UUID(image))))
    label = (await ada.read(f"/images/{image}"))["labels"][0]
    tag = "".join(label["name"].lower().split())

    assert await search_posts(ada, label["name"]) != []
    (tagged,) = (await ada.read(f"/tags/{tag}/posts"))["items"]
    assert (tagged["post"]["id"], tagged["said_by"]) == (post["id"], ["model"])
    ok(await ada.call("PUT", f"/images/{image}/labels/{label['key']}", json={"verdict": "wrong"}), 204)
    assert (await ada.read(f"/tags/{tag}/posts"))["items"] == []


async def test_tag_is_found_in_any_spelling(ada: Visitor, client: AsyncClient) -> None:
    post = await ada.post("#Été with #dogs")
    for tag in ("été", "ÉTÉ", "Été"):
        (tagged,) = (await Visitor(client).read(f"/tags/{tag}/posts"))["items"]
        assert (tagged["post"]["id"], tagged["said_by"]) == (post["id"], ["human"])
    assert (await ada.read("/tags/none/posts"))["items"] == []
    assert (await ada.read("/tags/!/posts"))["items"] == []


async def test_used_tags_rise(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    eve = await new_visitor(client, "eve")
    for seed, who in enumerate((ada, bob, eve)):
        await who.post("#new #Sea" if who is not eve else "#sea", seed)
    await ada.post("#flood", 7)
    await ada.post("#flood", 8)

    rising = (await Visitor(client).read("/tags", sort="rising"))["items"]
    human = ["human"]
    assert rising == [
        {"tag": "Sea", "posts_count": 3, "said_by": human},
        {"tag": "new", "posts_count": 2, "said_by": human},
    ]
    assert (await ada.read("/tags", limit=1))["items"] == rising[:1]
    assert expect_invalid(await ada.get("/tags", sort="falling")) == {"sort": "not_allowed"}


async def test_users_are_found_by_names(ada: Visitor, bob: Visitor) -> None:
    ok(await bob.call("PATCH", "/me", json={"display_name": "Adélie"}))
    assert [one["username"] for one in (await ada.read("/search/people", q="AD"))["items"]] == ["ada", "bob"]
    assert [one["username"] for one in (await ada.read("/search/people", q="adél"))["items"]] == ["bob"]
    ok(await bob.call("PUT", "/users/ada/block"), 204)
    assert (await ada.read("/search/people", q="bob"))["items"] == []


@pytest.mark.parametrize("path", ["/search", "/search/people"])
@pytest.mark.parametrize(("q", "code"), [("", "too_short"), ("x" * 201, "too_long"), ("a\0", "bad_character")])
async def test_invalid_query_is_refused_with_reason(ada: Visitor, path: str, q: str, code: str) -> None:
    assert expect_invalid(await ada.get(path, q=q)) == {"q": code}


async def test_query_without_word_is_refused(ada: Visitor) -> None:
    assert expect_invalid(await ada.get("/search", q="?!")) == {"q": "no_word"}
    assert expect_invalid(await ada.get("/search")) == {"q": "missing"}
