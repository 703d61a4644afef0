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


async def test_comment_is_visible_to_everyone(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    answer = await bob.call("POST", f"/posts/{post['id']}/comments", json={"text": "lovely"})
    comment = ok(answer, 201)
    assert answer.headers["location"] == f"/v1/comments/{comment['id']}"
    assert comment == {
        "id": comment["id"],
        "post_id": post["id"],
        "author": {"id": (await bob.read("/me"))["id"], "username": "bob", "display_name": "bob", "avatar": None},
        "text": "lovely",
        "created_at": comment["created_at"],
    }
    assert (await Visitor(ada.client).read(f"/posts/{post['id']}/comments"))["items"] == [comment]
    assert (await ada.read(f"/posts/{post['id']}"))["comment_count"] == 1


async def test_comments_are_sorted_oldest_first(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    said = [(await person.comment(post))["id"] for person in (bob, ada, bob)]
    assert ids(await ada.read(f"/posts/{post['id']}/comments")) == said


@pytest.mark.parametrize("who", ["its author", "the post's author"])
async def test_comment_can_be_deleted_by_its_author_or_author_of_post(ada: Visitor, bob: Visitor, who: str) -> None:
    post = await ada.post()
    path = f"/comments/{(await bob.comment(post))['id']}"
    ok(await (bob if who == "its author" else ada).call("DELETE", path), 204)
    expect_problem(await bob.call("DELETE", path), 404, "not_found")
    assert (await ada.read(f"/posts/{post['id']}/comments"))["items"] == []
    assert (await ada.read(f"/posts/{post['id']}"))["comment_count"] == 0


async def test_comment_cannot_be_deleted_by_others(ada: Visitor, bob: Visitor, client: AsyncClient) -> None:
    comment = await bob.comment(await ada.post())
    path = f"/comments/{comment['id']}"
    expect_problem(await (await new_visitor(client, "eve")).call("DELETE", path), 403, "forbidden")
    expect_problem(await Visitor(client).call("DELETE", path), 401, "not_signed_in")
    assert ids(await ada.read(f"/posts/{comment['post_id']}/comments")) == [comment["id"]]


@pytest.mark.parametrize("comment_id", [UNKNOWN_ID, "1"])
async def test_missing_comment_is_not_found(ada: Visitor, comment_id: str) -> None:
    expect_problem(await ada.call("DELETE", f"/comments/{comment_id}"), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"text": ""}, {"text": "too_short"}),
        ({"text": " \n "}, {"text": "blank"}),
        ({"text": "x" * 1001}, {"text": "too_long"}),
        ({"text": "a\0b"}, {"text": "bad_character"}),
        ({"text": ["lovely"]}, {"text": "wrong_type"}),
        ({}, {"text": "missing"}),
        ({"text": "lovely", "author": "ada"}, {"author": "unknown_field"}),
    ],
)
async def test_invalid_comment_is_refused_with_reason(ada: Visitor, body: Json, faults: Json) -> None:
    post = await ada.post()
    assert expect_invalid(await ada.call("POST", f"/posts/{post['id']}/comments", json=body)) == faults
    assert (await ada.read(f"/posts/{post['id']}"))["comment_count"] == 0
