"""Notifications over the API, as a list and as a stream."""

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.streaming import next_event, stream, wait_until_open
from tests.entrypoints.rest.visitors import UNKNOWN_ID, Visitor, expect_invalid, expect_problem, ids, new_visitor, ok


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def test_notifications_are_listed_and_counted(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await bob.follow(ada)
    await bob.like(post)
    comment = await bob.comment(post)

    listed = (await ada.read("/notifications"))["items"]
    assert [one["kind"] for one in listed] == ["comment", "like", "follow"]
    assert [one["post_id"] for one in listed] == [post["id"], post["id"], None]
    assert listed[0]["comment_id"] == comment["id"]
    actor = await ada.read("/users/bob")
    assert all(one["actors"] == [actor] for one in listed)
    assert {(one["others_count"], one["read"]) for one in listed} == {(0, False)}
    assert (await ada.read("/me"))["unread_notifications"] == 3
    assert (await bob.read("/me"))["unread_notifications"] == 0

    ok(await ada.call("POST", "/notifications/read", json={"up_to": listed[1]["id"]}), 204)
    assert [one["read"] for one in (await ada.read("/notifications"))["items"]] == [False, True, True]
    assert (await ada.read("/me"))["unread_notifications"] == 1


async def test_likes_are_grouped(ada: Visitor, client: AsyncClient) -> None:
    post = await ada.post()
    for number in range(5):
        await (await new_visitor(client, f"fan_{number}")).like(post)
    (told,) = (await ada.read("/notifications"))["items"]
    assert ([actor["username"] for actor in told["actors"]], told["others_count"]) == (["fan_4", "fan_3", "fan_2"], 2)


async def test_notifications_are_paged(ada: Visitor, client: AsyncClient) -> None:
    for number in range(5):
        await (await new_visitor(client, f"fan_{number}")).follow(ada)
    whole = ids(await ada.read("/notifications"))
    first = await ada.read("/notifications", limit=3)
    rest = await ada.read("/notifications", limit=3, cursor=first["next_cursor"])
    assert ids(first) + ids(rest) == whole
    assert rest["next_cursor"] is None
    other = await new_visitor(client, "eve")
    expect_problem(await other.get("/notifications", cursor=first["next_cursor"]), 422, "bad_cursor")


async def test_notifications_are_private(ada: Visitor, client: AsyncClient) -> None:
    nobody = Visitor(client)
    for answer in (
        await nobody.get("/notifications"),
        await nobody.call("POST", "/notifications/read", json={"up_to": UNKNOWN_ID}),
        await nobody.get("/notifications/stream"),
    ):
        expect_problem(answer, 401, "not_signed_in")
    expect_problem(await ada.call("POST", "/notifications/read", json={"up_to": "yesterday"}), 404, "not_found")
    assert expect_invalid(await ada.call("POST", "/notifications/read", json={})) == {"up_to": "missing"}
    ok(await ada.call("POST", "/notifications/read", json={"up_to": UNKNOWN_ID}), 204)


async def test_notifications_are_streamed(ada: Visitor, bob: Visitor) -> None:
    async with stream(ada) as written:
        await wait_until_open(written)
        await bob.follow(ada)  # the head says that nothing is missed from here on
        head = written.get_nowait()
        headers = dict(head["headers"])
        assert (head["status"], headers[b"content-type"]) == (200, b"text/event-stream; charset=utf-8")
        assert headers[b"cache-control"] == b"no-store"
        event_id, told = await next_event(written)
    assert [told] == (await ada.read("/notifications"))["items"]
    assert told["id"] == event_id


async def test_resumed_stream_misses_nothing(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    await bob.follow(ada)
    (seen,) = (await ada.read("/notifications"))["items"]
    await (await new_visitor(client, "eve")).follow(ada)

    async with stream(ada, **{"Last-Event-ID": seen["id"]}) as written:
        _, told = await next_event(written)
    assert told["actors"][0]["username"] == "eve"
    expect_problem(
        await ada.client.get("/v1/notifications/stream", headers={**ada.headers, "Last-Event-ID": "x"}),
        404,
        "not_found",
    )
