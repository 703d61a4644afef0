import json

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.conftest import PASSWORD
from tests.entrypoints.rest.visitors import Json, Visitor, expect_invalid, expect_problem, new_visitor, ok

ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}


async def test_new_user_has_normalized_name_and_location(client: AsyncClient) -> None:
    answer = await client.post("/v1/users", json={**ADA, "username": "Ada", "display_name": "Ada L."})
    user = ok(answer, 201)
    assert answer.headers["location"] == "/v1/users/ada"
    assert user["created_at"].endswith("Z")
    assert {**user, "id": "", "created_at": ""} == {
        "id": "",
        "username": "ada",
        "display_name": "Ada L.",
        "bio": "",
        "avatar": None,
        "private": False,
        "created_at": "",
        "followers_count": 0,
        "following_count": 0,
        "posts_count": 0,
        "viewer": {"follows": False, "followed_by": False, "requested": False, "blocking": False, "muting": False},
    }
    for name in ("ada", "ADA"):
        assert ok(await client.get(f"/v1/users/{name}")) == {**user, "viewer": None}


async def test_username_is_default_display_name(client: AsyncClient) -> None:
    assert ok(await client.post("/v1/users", json={**ADA, "display_name": None}), 201)["display_name"] == "ada"


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"username": "ab"}, {"username": "too_short"}),
        ({"username": "a" * 31}, {"username": "too_long"}),
        ({"username": "a da"}, {"username": "bad_format"}),
        ({"username": "äda"}, {"username": "bad_format"}),
        ({"username": 7}, {"username": "wrong_type"}),
        ({"email": "nowhere"}, {"email": "bad_format"}),
        ({"password": "9 letters"}, {"password": "too_short"}),
        ({"display_name": ""}, {"display_name": "too_short"}),
        ({"display_name": "x" * 51}, {"display_name": "too_long"}),
        ({"display_name": "a\0b"}, {"display_name": "bad_character"}),
        ({"display_name": "a\ud800b"}, {"display_name": "bad_character"}),
        ({"role": "admin"}, {"role": "unknown_field"}),
        ({"username": "ab", "email": "nowhere"}, {"username": "too_short", "email": "bad_format"}),
    ],
)
async def test_invalid_sign_up_names_all_fields(client: AsyncClient, changed: Json, faults: Json) -> None:
    content = json.dumps({**ADA, **changed})  # httpx's own would refuse half a surrogate pair
    answer = await client.post("/v1/users", content=content, headers={"Content-Type": "application/json"})
    assert expect_invalid(answer) == faults


async def test_short_password_states_limit_and_is_not_repeated(client: AsyncClient) -> None:
    answer = await client.post("/v1/users", json={**ADA, "password": "Geheim123"})
    (fault,) = expect_problem(answer, 422, "invalid")["errors"]
    assert (fault["limit"], fault["actual"]) == (10, 9)
    assert "Geheim123" not in answer.text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"username": "ADA", "email": "other@example.com"}, "username_taken"),
        ({"username": "other", "email": "Ada@Example.COM"}, "email_taken"),
    ],
)
async def test_name_and_email_are_unique_in_any_case(client: AsyncClient, changed: Json, code: str) -> None:
    ok(await client.post("/v1/users", json=ADA), 201)
    expect_problem(await client.post("/v1/users", json={**ADA, **changed}), 409, code)


@pytest.mark.parametrize("name", ["nobody", "No such name!", "a", "x" * 300, "%ED%A0%80ab", "me"])
@pytest.mark.parametrize("part", ["", "/posts", "/likes", "/followers", "/following"])
async def test_missing_user_is_not_found(client: AsyncClient, name: str, part: str) -> None:
    expect_problem(await client.get(f"/v1/users/{name}{part}"), 404, "not_found")


async def test_follow_is_idempotent_and_counted_for_both_users(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    for _ in range(2):
        ok(await ada.call("PUT", "/users/BOB/follow"), 204)
    seen = await ada.read("/users/bob")
    assert (seen["followers_count"], seen["viewer"]["follows"], seen["viewer"]["followed_by"]) == (1, True, False)
    seen = await bob.read("/users/ada")
    assert (seen["following_count"], seen["viewer"]["follows"], seen["viewer"]["followed_by"]) == (1, False, True)
    (follower,) = (await bob.read("/users/bob/followers"))["items"]
    (followed,) = (await Visitor(client).read("/users/ada/following"))["items"]
    assert (follower["username"], followed["username"]) == ("ada", "bob")
    assert (follower["viewer"]["followed_by"], followed["viewer"]) == (True, None)


async def test_unfollow_is_idempotent(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    await ada.follow(bob)
    for _ in range(2):
        ok(await ada.call("DELETE", "/users/bob/follow"), 204)
    assert (await ada.read("/users/bob"))["followers_count"] == 0
    assert (await ada.read("/users/bob/followers"))["items"] == []


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_follow_requires_token_and_existing_user(client: AsyncClient, method: str) -> None:
    ada = await new_visitor(client, "ada")
    expect_problem(await ada.call(method, "/users/nobody/follow"), 404, "not_found")
    expect_problem(await Visitor(client).call(method, "/users/ada/follow"), 401, "not_signed_in")


async def test_following_oneself_is_refused(client: AsyncClient) -> None:
    ada = await new_visitor(client, "ada")
    expect_problem(await ada.call("PUT", "/users/Ada/follow"), 422, "cannot_follow_self")


async def test_posts_and_likes_of_user_are_public(client: AsyncClient) -> None:
    ada, bob = await new_visitor(client, "ada"), await new_visitor(client, "bob")
    first, second = await ada.post("first"), await ada.post("second", seed=1)
    await bob.like(first)
    posts = (await Visitor(client).read("/users/ada/posts"))["items"]
    assert [post["text"] for post in posts] == ["second", "first"]
    assert [post["viewer"] for post in posts] == [None, None]
    likes = (await bob.read("/users/bob/likes"))["items"]
    assert [(post["id"], post["viewer"]) for post in likes] == [(first["id"], {"liked": True})]
    assert (await ada.read("/users/ada"))["posts_count"] == 2
    assert second["author"] == {
        "id": posts[0]["author"]["id"],
        "username": "ada",
        "display_name": "ada",
        "avatar": None,
    }
