from datetime import timedelta

import pytest
from httpx import AsyncClient

from container import Container
from tests.containers import memory_container
from tests.doubles import StoppedClock
from tests.entrypoints.rest.conftest import PASSWORD
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

NEW = "a brand new password"


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def container(clock: StoppedClock) -> Container:
    return memory_container(clock=clock)


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


async def test_own_profile_has_more_fields(ada: Visitor) -> None:
    me, profile = await ada.read("/me"), await ada.read("/users/ada")
    assert {name: me[name] for name in profile} == profile
    extra = {name: me[name] for name in set(me) - set(profile)}
    assert extra == {
        "email": "ada@example.com",
        "email_verified": False,
        "pending_email": None,
        "role": "user",
        "state": "active",
        "unread_notifications": 0,
        "follow_approval": False,
        "default_visibility": "public",
        "sensitive_media": "blur",
        "consent": {"captions": "offline", "followers_only": False, "decided_at": None},
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("PUT", "/password"), ("GET", "/images")],
)
async def test_me_requires_token(client: AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, f"/v1/me{path}", json={} if method in {"PATCH", "PUT"} else None)
    expect_problem(answer, 401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_omitted_fields_are_unchanged(ada: Visitor) -> None:
    ok(await ada.call("PATCH", "/me", json={"display_name": "Ada L.", "bio": "counts"}))
    ok(await ada.call("PATCH", "/me", json={"private": False}))
    me = ok(await ada.call("PATCH", "/me", json={"bio": ""}))
    assert (me["display_name"], me["bio"]) == ("Ada L.", "")
    assert me == await ada.read("/me")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"private": "yes"}, {"private": "wrong_type"}),
        ({"private": None}, {"private": "wrong_type"}),
        ({"display_name": ""}, {"display_name": "too_short"}),
        ({"display_name": None}, {"display_name": "wrong_type"}),
        ({"bio": "x" * 501}, {"bio": "too_long"}),
        ({"bio": 5}, {"bio": "wrong_type"}),
        ({"avatar_image_id": 5}, {"avatar_image_id": "wrong_type"}),
        ({"email": "new@example.com"}, {"email": "unknown_field"}),
        ({"role": "admin"}, {"role": "unknown_field"}),
        ([], {"body": "wrong_type"}),
    ],
)
async def test_invalid_edit_is_refused_with_reason(ada: Visitor, body: Json, faults: Json) -> None:
    before = await ada.read("/me")
    assert expect_invalid(await ada.call("PATCH", "/me", json=body)) == faults
    assert await ada.read("/me") == before


async def test_avatar_is_public_and_can_be_removed(ada: Visitor, client: AsyncClient) -> None:
    image = (await ada.upload())["id"]
    me = ok(await ada.call("PATCH", "/me", json={"avatar_image_id": image}))
    path = f"/v1/images/{image}/file?size="
    assert me["avatar"] == {"thumb": f"{path}thumb", "medium": f"{path}medium"}
    served = await client.get(me["avatar"]["thumb"])
    assert (served.status_code, served.headers["cache-control"]) == (200, "public, max-age=3600, s-maxage=60")
    ok(await client.get(f"/v1/images/{image}"))
    assert (await client.get(f"{path}large")).status_code == 200
    assert ok(await ada.call("PATCH", "/me", json={"bio": "still worn"}))["avatar"] == me["avatar"]
    assert ok(await ada.call("PATCH", "/me", json={"avatar_image_id": None}))["avatar"] is None
    expect_problem(await client.get(f"{path}thumb"), 404, "not_found")


async def test_only_small_sizes_of_private_avatar_are_public(ada: Visitor, client: AsyncClient) -> None:
    post = await ada.post()
    image = post["images"][0]["id"]
    ok(await ada.call("PATCH", "/me", json={"avatar_image_id": image, "private": True}))
    bob = await new_visitor(client, "bob")
    for reader in (bob, Visitor(client)):
        for size, status in (("thumb", 200), ("medium", 200), ("large", 404)):
            assert (await reader.get(f"/images/{image}/file", size=size)).status_code == status
        expect_problem(await reader.get(f"/images/{image}"), 404, "not_found")
    assert (await ada.get(f"/images/{image}/file", size="large")).headers["cache-control"] == "private, no-cache"

    await bob.follow(ada)
    ok(await ada.call("PUT", "/follow-requests/bob"), 204)
    ok(await bob.get(f"/images/{image}"))


async def test_deleting_image_removes_avatar(ada: Visitor) -> None:
    image = (await ada.upload())["id"]
    ok(await ada.call("PATCH", "/me", json={"avatar_image_id": image}))
    post = await ada.post(seed=1)
    assert post["author"]["avatar"]["thumb"] == f"/v1/images/{image}/file?size=thumb"
    ok(await ada.call("DELETE", f"/images/{image}"), 204)
    assert (await ada.read("/me"))["avatar"] is None
    assert (await ada.read(f"/posts/{post['id']}"))["author"]["avatar"] is None


async def test_avatar_must_be_own_image(ada: Visitor, client: AsyncClient) -> None:
    bob = await new_visitor(client, "bob")
    for image in ((await bob.post())["images"][0]["id"], UNKNOWN_ID, "no id"):
        problem = expect_problem(await ada.call("PATCH", "/me", json={"avatar_image_id": image}), 404, "not_found")
        assert problem["field"] == "avatar_image_id"


async def test_new_password_ends_other_sessions(ada: Visitor, client: AsyncClient) -> None:
    form = {"username": "ada", "password": PASSWORD}
    other = {"Authorization": f"Bearer {ok(await client.post('/v1/tokens', data=form))['access_token']}"}
    ok(await ada.call("PUT", "/me/password", json={"current": PASSWORD, "new": NEW}), 204)
    await ada.read("/me")
    expect_problem(await client.get("/v1/me", headers=other), 401, "not_signed_in")
    expect_problem(await client.post("/v1/tokens", data=form), 401, "wrong_credentials")
    ok(await client.post("/v1/tokens", data={**form, "password": NEW}))


async def test_password_change_requires_current_password(ada: Visitor) -> None:
    expect_problem(
        await ada.call("PUT", "/me/password", json={"current": "wrong", "new": NEW}), 401, "wrong_credentials"
    )
    await ada.read("/me")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"current": PASSWORD, "new": "9 letters"}, {"new": "too_short"}),
        ({"current": PASSWORD}, {"new": "missing"}),
        ({"current": PASSWORD, "new": NEW, "again": NEW}, {"again": "unknown_field"}),
    ],
)
async def test_new_password_must_be_valid(ada: Visitor, body: Json, faults: Json) -> None:
    assert expect_invalid(await ada.call("PUT", "/me/password", json=body)) == faults


async def test_own_images_are_listed_posted_or_not(ada: Visitor, client: AsyncClient) -> None:
    bob = await new_visitor(client, "bob")
    posted = (await ada.post())["images"][0]["id"]
    kept = (await ada.upload(seed=1))["id"]
    await bob.upload(seed=2)
    assert ids(await ada.read("/me/images")) == [kept, posted]


async def test_deletion_removes_data_and_reserves_name(ada: Visitor, client: AsyncClient, clock: StoppedClock) -> None:
    bob = await new_visitor(client, "bob")
    adas, bobs = await ada.post("ada's"), await bob.post("bob's", seed=1)
    await ada.like(bobs)
    comment = await ada.comment(bobs)
    await ada.follow(bob)
    await bob.follow(ada)
    ok(await ada.call("DELETE", "/me"), 204)
    expect_problem(await ada.get("/me"), 401, "not_signed_in")
    gone = ["/users/ada", f"/posts/{adas['id']}", f"/images/{adas['images'][0]['id']}", f"/posts/{adas['id']}/likes"]
    for path in gone:
        expect_problem(await bob.get(path), 404, "not_found")
    expect_problem(await bob.call("DELETE", f"/comments/{comment['id']}"), 404, "not_found")
    left = await bob.read(f"/posts/{bobs['id']}")
    assert (left["like_count"], left["comment_count"]) == (0, 0)
    me = await bob.read("/me")
    assert (me["followers_count"], me["following_count"]) == (0, 0)
    again = {"username": "Ada", "email": "new@example.com", "password": PASSWORD}
    expect_problem(await client.post("/v1/users", json=again), 409, "username_taken")
    clock.advance(timedelta(days=30))
    ok(await client.post("/v1/users", json=again), 201)


async def test_user_chooses_how_sensitive_posts_are_shown(ada: Visitor) -> None:
    assert ok(await ada.call("PATCH", "/me", json={"sensitive_media": "show"}))["sensitive_media"] == "show"
    ok(await ada.call("PATCH", "/me", json={"bio": "changed"}))
    assert (await ada.read("/me"))["sensitive_media"] == "show"
    for value in (None, "", "hide", 1):
        answer = await ada.call("PATCH", "/me", json={"sensitive_media": value, "bio": "again"})
        expect_problem(answer, 422, "invalid")
    me = await ada.read("/me")
    assert (me["sensitive_media"], me["bio"]) == ("show", "changed")
    assert "sensitive_media" not in await ada.read("/users/ada")
