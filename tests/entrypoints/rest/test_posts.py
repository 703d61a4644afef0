import asyncio
import json

import pytest
from httpx import AsyncClient

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


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def test_images_of_post_keep_order(ada: Visitor, client: AsyncClient) -> None:
    images = [(await ada.upload(seed))["id"] for seed in range(3)][::-1]
    answer = await ada.call("POST", "/posts", json={"text": "three", "image_ids": images, "visibility": "public"})
    post = ok(answer, 201)
    assert answer.headers["location"] == f"/v1/posts/{post['id']}"
    assert [image["id"] for image in post["images"]] == images
    assert {**post, "id": "", "images": [], "created_at": ""} == {
        "id": "",
        "author": {"id": (await ada.read("/me"))["id"], "username": "ada", "display_name": "ada", "avatar": None},
        "text": "three",
        "images": [],
        "like_count": 0,
        "comment_count": 0,
        "visibility": "public",
        "audience": "public",
        "viewer": {"liked": False},
        "created_at": "",
        "edited_at": None,
        "sensitive": False,
        "warning": None,
        "hidden": False,
    }
    assert await ada.read(f"/posts/{post['id']}") == post
    assert (await Visitor(client).read(f"/posts/{post['id']}"))["viewer"] is None
    assert (await ada.read("/me"))["posts_count"] == 1


async def test_text_is_optional(ada: Visitor) -> None:
    body = {"image_ids": [(await ada.upload())["id"]]}
    assert ok(await ada.call("POST", "/posts", json=body), 201)["text"] == ""


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"image_ids": []}, {"image_ids": "too_few"}),
        ({"image_ids": [UNKNOWN_ID, UNKNOWN_ID]}, {"image_ids": "repeated"}),
        ({"image_ids": UNKNOWN_ID}, {"image_ids": "wrong_type"}),
        ({"image_ids": [7]}, {"image_ids.0": "wrong_type"}),
        ({"text": "x" * 2201}, {"text": "too_long"}),
        ({"text": None}, {"text": "wrong_type"}),
        ({"text": "a\0b"}, {"text": "bad_character"}),
        ({"text": "a\udc00b"}, {"text": "bad_character"}),
        ({"visibility": "nobody"}, {"visibility": "not_allowed"}),
        ({"visibility": None}, {"visibility": "not_allowed"}),
        ({"like_count": 7}, {"like_count": "unknown_field"}),
    ],
)
async def test_invalid_post_is_refused_with_reason(ada: Visitor, changed: Json, faults: Json) -> None:
    content = json.dumps({"text": "", "image_ids": [UNKNOWN_ID], **changed})
    headers = {**ada.headers, "Content-Type": "application/json"}
    assert expect_invalid(await ada.client.post("/v1/posts", content=content, headers=headers)) == faults
    assert (await ada.read("/me"))["posts_count"] == 0


async def test_eleven_images_are_refused(ada: Visitor) -> None:
    images = [f"0198c0de-0000-7000-8000-{number:012}" for number in range(11)]
    problem = expect_problem(await ada.call("POST", "/posts", json={"image_ids": images}), 422, "too_many_images")
    assert (problem["field"], problem["limit"], problem["actual"]) == ("image_ids", 10, 11)


async def test_only_own_images_can_be_posted(ada: Visitor, bob: Visitor) -> None:
    mine, bobs = (await ada.upload())["id"], (await bob.upload())["id"]
    for image in (bobs, UNKNOWN_ID, "no id"):
        body = {"image_ids": [mine, image]}
        assert expect_problem(await ada.call("POST", "/posts", json=body), 404, "not_found")["field"] == "image_ids"
    ok(await ada.call("POST", "/posts", json={"image_ids": [mine]}), 201)


async def test_image_can_be_in_one_post_only(ada: Visitor) -> None:
    post = await ada.post()
    body = {"image_ids": [(await ada.upload(seed=1))["id"], post["images"][0]["id"]]}
    assert expect_problem(await ada.call("POST", "/posts", json=body), 409, "image_in_use")["post_id"] == post["id"]
    assert (await ada.read("/me"))["posts_count"] == 1


async def test_one_of_two_concurrent_posts_gets_image(ada: Visitor) -> None:
    body = {"image_ids": [(await ada.upload())["id"]]}
    answers = await asyncio.gather(*(ada.call("POST", "/posts", json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert (await ada.read("/me"))["posts_count"] == 1


async def test_edited_post_states_edit_time(ada: Visitor, client: AsyncClient) -> None:
    post = await ada.post("before")
    edited = ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"text": "after", "visibility": "public"}))
    assert edited["edited_at"] > post["created_at"]
    assert edited == {**post, "text": "after", "edited_at": edited["edited_at"]}
    assert await Visitor(client).read(f"/posts/{post['id']}") == {**edited, "viewer": None}


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"text": "x" * 2201}, {"text": "too_long"}),
        ({"text": 5}, {"text": "wrong_type"}),
        ({"visibility": "nobody"}, {"visibility": "not_allowed"}),
        ({"text": "", "image_ids": []}, {"image_ids": "unknown_field"}),
    ],
)
async def test_invalid_edit_is_refused_with_reason(ada: Visitor, body: Json, faults: Json) -> None:
    post = await ada.post()
    assert expect_invalid(await ada.call("PATCH", f"/posts/{post['id']}", json=body)) == faults


@pytest.mark.parametrize(("method", "body"), [("PATCH", {"text": "mine"}), ("DELETE", None)])
async def test_only_author_can_change_post(ada: Visitor, bob: Visitor, method: str, body: Json) -> None:
    post = await ada.post()
    expect_problem(await bob.call(method, f"/posts/{post['id']}", json=body), 403, "forbidden")
    expect_problem(await Visitor(ada.client).call(method, f"/posts/{post['id']}", json=body), 401, "not_signed_in")
    assert await ada.read(f"/posts/{post['id']}") == post


async def test_deleted_post_is_not_found_anywhere(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await bob.like(post)
    comment = await bob.comment(post)
    await bob.follow(ada)
    ok(await ada.call("DELETE", f"/posts/{post['id']}"), 204)
    image = f"/images/{post['images'][0]['id']}"
    path = f"/posts/{post['id']}"
    for gone in (path, f"{path}/likes", f"{path}/comments", image, f"{image}/file?size=thumb"):
        expect_problem(await ada.get(gone), 404, "not_found")
    expect_problem(await bob.call("DELETE", f"/comments/{comment['id']}"), 404, "not_found")
    lists = ["/posts", "/feed", "/users/ada/posts", "/users/bob/likes", "/rankings/most-liked", "/rankings/trending"]
    for listed in lists:
        assert (await bob.read(listed))["items"] == [], listed
    assert (await ada.read("/me/images"))["items"] == []
    assert (await ada.read("/me"))["posts_count"] == 0


@pytest.mark.parametrize("post_id", [UNKNOWN_ID, "1", "a" * 400])
@pytest.mark.parametrize(
    ("method", "part", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"text": ""}),
        ("DELETE", "", None),
        ("PUT", "/like", None),
        ("DELETE", "/like", None),
        ("GET", "/likes", None),
        ("GET", "/comments", None),
        ("POST", "/comments", {"text": "lovely"}),
    ],
)
async def test_missing_post_is_not_found(ada: Visitor, method: str, part: str, body: Json, post_id: str) -> None:
    path = f"/posts/{post_id}{part}"
    expect_problem(await ada.call(method, path, json=body), 404, "not_found")
    nobody = await Visitor(ada.client).call(method, path, json=body)
    expect_problem(nobody, *((404, "not_found") if method == "GET" else (401, "not_signed_in")))


async def test_posts_are_public_and_sorted_newest_first(ada: Visitor, bob: Visitor) -> None:
    posts = [await ada.post("first"), await bob.post("second", seed=1)]
    for reader in (ada, bob, Visitor(ada.client)):
        assert ids(await reader.read("/posts")) == [post["id"] for post in posts[::-1]]


async def test_feed_contains_own_posts_and_those_of_followees(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    eve = await new_visitor(client, "eve")
    adas, bobs, eves = await ada.post(), await bob.post(seed=1), await eve.post(seed=2)
    await ada.follow(bob)
    assert ids(await ada.read("/feed")) == [bobs["id"], adas["id"]]
    assert ids(await eve.read("/feed")) == [eves["id"]]
    ok(await ada.call("DELETE", "/users/bob/follow"), 204)
    assert ids(await ada.read("/feed")) == [adas["id"]]
    expect_problem(await Visitor(client).get("/feed"), 401, "not_signed_in")
