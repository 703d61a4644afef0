"""Private accounts, followers-only posts, blocks and mutes, over the API."""

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Json, Visitor, expect_problem, ids, new_visitor, ok


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def turn_private(visitor: Visitor, private: bool = True) -> Json:
    return ok(await visitor.call("PATCH", "/me", json={"private": private}))


async def put(visitor: Visitor, path: str) -> None:
    ok(await visitor.call("PUT", path), 204)


async def delete(visitor: Visitor, path: str) -> None:
    ok(await visitor.call("DELETE", path), 204)


async def test_followers_only_post_is_visible_to_followers(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    image = (await ada.upload())["id"]
    body = {"image_ids": [image], "visibility": "followers"}
    post = ok(await ada.call("POST", "/posts", json=body), 201)
    assert post["visibility"] == "followers"
    for viewer in (bob, Visitor(client)):
        expect_problem(await viewer.get(f"/posts/{post['id']}"), 404, "not_found")
        expect_problem(await viewer.get(f"/images/{image}/file", size="thumb"), 404, "not_found")

    await bob.follow(ada)
    assert (await bob.read(f"/posts/{post['id']}"))["visibility"] == "followers"
    served = await bob.get(f"/images/{image}/file", size="thumb")
    assert (served.status_code, served.headers["cache-control"]) == (200, "private, no-cache")
    assert ids(await bob.read("/feed")) == [post["id"]]
    assert ids(await bob.read("/posts")) == []


async def test_change_of_visibility_is_no_edit(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post("words")
    hidden = ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"visibility": "followers"}))
    assert hidden == {**post, "visibility": "followers", "audience": "followers"}
    expect_problem(await bob.get(f"/posts/{post['id']}"), 404, "not_found")
    assert ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"visibility": "public"})) == post
    assert ok(await ada.call("PATCH", f"/posts/{post['id']}", json={})) == post


async def test_private_account_shows_profile_only(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    post = await ada.post()
    assert (await turn_private(ada))["private"]

    for viewer in (bob, Visitor(client)):
        profile = await viewer.read("/users/ada")
        assert (profile["private"], profile["posts_count"]) == (True, 1)
        for listed in ("posts", "followers", "following", "likes"):
            detail = expect_problem(await viewer.get(f"/users/ada/{listed}"), 404, "not_found")["detail"]
            assert "private; follow it" in detail
        expect_problem(await viewer.get(f"/posts/{post['id']}"), 404, "not_found")
        assert ids(await viewer.read("/posts")) == []
    seen = await ada.read(f"/posts/{post['id']}")
    assert (seen["visibility"], seen["audience"]) == ("public", "followers")
    assert (await turn_private(ada, private=False))["private"] is False
    assert (await bob.read(f"/posts/{post['id']}"))["visibility"] == "public"


async def test_following_private_account_creates_request(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await turn_private(ada)
    await bob.follow(ada)
    await bob.follow(ada)

    viewer = (await bob.read("/users/ada"))["viewer"]
    assert (viewer["follows"], viewer["requested"]) == (False, True)
    assert [one["username"] for one in (await ada.read("/follow-requests"))["items"]] == ["bob"]
    assert ids(await bob.read("/feed")) == []

    await put(ada, "/follow-requests/bob")
    await put(ada, "/follow-requests/BOB")
    assert (await bob.read("/users/ada"))["viewer"]["follows"]
    assert (await ada.read("/me"))["followers_count"] == 1
    assert ids(await bob.read("/feed")) == [post["id"]]
    assert (await ada.read("/follow-requests"))["items"] == []


async def test_request_can_be_refused_or_withdrawn(ada: Visitor, bob: Visitor) -> None:
    await turn_private(ada)
    await bob.follow(ada)
    await delete(ada, "/follow-requests/bob")
    await delete(ada, "/follow-requests/bob")
    detail = expect_problem(await ada.call("PUT", "/follow-requests/bob"), 404, "not_found")["detail"]
    assert "does not request to follow you" in detail

    await bob.follow(ada)
    await delete(bob, "/users/ada/follow")
    assert (await bob.read("/users/ada"))["viewer"]["requested"] is False
    expect_problem(await ada.call("PUT", "/follow-requests/bob"), 404, "not_found")
    expect_problem(await ada.call("PUT", "/follow-requests/nobody_here"), 404, "not_found")


async def test_blocked_user_finds_nothing_of_other(ada: Visitor, bob: Visitor) -> None:
    post, theirs = await ada.post(), await bob.post(seed=1)
    await bob.follow(ada)
    await bob.comment(post)
    await bob.like(post)
    await put(ada, "/users/bob/block")

    for path in ("/users/ada", "/users/ada/posts", f"/posts/{post['id']}", f"/posts/{post['id']}/comments"):
        expect_problem(await bob.get(path), 404, "not_found")
    expect_problem(await bob.call("PUT", "/users/ada/follow"), 404, "not_found")
    expect_problem(await bob.call("PUT", f"/posts/{post['id']}/like"), 404, "not_found")
    assert ids(await bob.read("/posts")) == [theirs["id"]]
    assert [item["post"]["id"] for item in (await bob.read("/rankings/most-liked"))["items"]] == [theirs["id"]]

    shown = await ada.read(f"/posts/{post['id']}")
    assert (shown["like_count"], shown["comment_count"]) == (1, 1), "counts are the same for everybody"
    assert ids(await ada.read(f"/posts/{post['id']}/likes")) == []
    assert ids(await ada.read(f"/posts/{post['id']}/comments")) == []


async def test_blocker_finds_profile_and_can_unblock(ada: Visitor, bob: Visitor) -> None:
    post = await bob.post()
    await put(ada, "/users/bob/block")
    await put(ada, "/users/bob/block")

    assert (await ada.read("/users/bob"))["viewer"]["blocking"]
    assert [one["username"] for one in (await ada.read("/me/blocks"))["items"]] == ["bob"]
    assert "unblock" in expect_problem(await ada.get("/users/bob/posts"), 404, "not_found")["detail"]
    assert "unblock" in expect_problem(await ada.call("PUT", "/users/bob/follow"), 403, "forbidden")["detail"]
    expect_problem(await ada.get(f"/posts/{post['id']}"), 404, "not_found")

    await delete(ada, "/users/bob/block")
    await delete(ada, "/users/bob/block")
    assert ids(await ada.read("/users/bob/posts")) == [post["id"]]


async def test_muted_user_is_hidden_in_mixed_lists_only(ada: Visitor, bob: Visitor) -> None:
    post = await bob.post()
    await ada.follow(bob)
    await put(ada, "/users/bob/mute")

    for path in ("/feed", "/posts", "/rankings/most-liked", "/rankings/trending"):
        assert (await ada.read(path))["items"] == []
    assert ids(await ada.read("/users/bob/posts")) == [post["id"]]
    assert (await ada.read("/users/bob"))["viewer"]["muting"]
    assert [one["username"] for one in (await ada.read("/me/mutes"))["items"]] == ["bob"]
    assert (await bob.read("/users/ada"))["viewer"] == {
        "follows": False,
        "followed_by": True,
        "requested": False,
        "blocking": False,
        "muting": False,
    }, "who is muted is not told"

    await delete(ada, "/users/bob/mute")
    assert ids(await ada.read("/feed")) == [post["id"]]


@pytest.mark.parametrize("what", ["block", "mute"])
async def test_blocking_oneself_or_missing_user_is_refused(ada: Visitor, what: str) -> None:
    expect_problem(await ada.call("PUT", f"/users/ada/{what}"), 422, f"cannot_{what}_self")
    for method in ("PUT", "DELETE"):
        expect_problem(await ada.call(method, f"/users/nobody_here/{what}"), 404, "not_found")
    expect_problem(await Visitor(ada.client).call("PUT", f"/users/ada/{what}"), 401, "not_signed_in")


async def test_approval_of_followers_says_nothing_about_posts(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    assert ok(await ada.call("PATCH", "/me", json={"follow_approval": True}))["follow_approval"]
    post = await ada.post()

    assert (post["visibility"], post["audience"]) == ("public", "public")
    assert ids(await Visitor(client).read("/posts")) == [post["id"]]
    await put(bob, "/users/ada/follow")
    assert [user["username"] for user in (await ada.read("/follow-requests"))["items"]] == ["bob"]
    assert ids(await bob.read("/feed")) == []

    ok(await ada.call("PATCH", "/me", json={"follow_approval": False}))
    assert ids(await bob.read("/feed")) == [post["id"]]


async def test_private_account_approves_followers_in_any_case(ada: Visitor, bob: Visitor) -> None:
    ok(await ada.call("PATCH", "/me", json={"private": True, "follow_approval": True}))
    await put(bob, "/users/ada/follow")
    ok(await ada.call("PATCH", "/me", json={"follow_approval": False}))
    assert len((await ada.read("/follow-requests"))["items"]) == 1


async def test_posts_have_the_default_visibility(ada: Visitor, bob: Visitor) -> None:
    me = ok(await ada.call("PATCH", "/me", json={"default_visibility": "followers"}))
    assert me["default_visibility"] == "followers"
    limited = await ada.post()
    body = {"image_ids": [(await ada.upload(seed=1))["id"]], "visibility": "public"}
    public = ok(await ada.call("POST", "/posts", json=body), 201)

    assert (limited["visibility"], public["visibility"]) == ("followers", "public")
    assert ids(await bob.read("/posts")) == [public["id"]]


@pytest.mark.parametrize("value", [None, "", "friends", 1])
async def test_unknown_default_visibility_is_refused(ada: Visitor, value: object) -> None:
    answer = await ada.call("PATCH", "/me", json={"default_visibility": value, "bio": "changed"})
    expect_problem(answer, 422, "invalid")
    assert (await ada.read("/me"))["bio"] == ""
