"""Users can remove their likes and comments, and authors of posts can delete comments."""

from collections.abc import AsyncIterator

import pytest
from httpx import AsyncClient

from tests.containers import container_for
from tests.entrypoints.rest.conftest import client_of
from tests.entrypoints.rest.visitors import Json, Visitor, expect_problem, ids, new_visitor, ok


@pytest.fixture
async def client(either_store: str | None) -> AsyncIterator[AsyncClient]:
    async with container_for(either_store) as container, client_of(container) as client:
        yield client


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def make_liked_post(ada: Visitor, bob: Visitor) -> tuple[Json, Json]:
    """A followers-only post of Ada with a like and a comment by Bob."""
    await bob.follow(ada)
    post = await ada.post()
    ok(await ada.call("PATCH", f"/posts/{post['id']}", json={"visibility": "followers"}))
    await bob.like(post)
    return post, await bob.comment(post)


HIDING_CALLS = [
    ("bob", "DELETE", "/users/ada/follow"),
    ("ada", "PUT", "/users/bob/block"),
    ("bob", "PUT", "/users/ada/block"),
]


@pytest.mark.parametrize(("who", "method", "path"), HIDING_CALLS)
async def test_own_likes_and_comments_can_be_removed_from_hidden_post(
    ada: Visitor, bob: Visitor, who: str, method: str, path: str
) -> None:
    post, comment = await make_liked_post(ada, bob)
    ok(await {"ada": ada, "bob": bob}[who].call(method, path), 204)
    expect_problem(await bob.get(f"/posts/{post['id']}"), 404, "not_found")

    assert ok(await bob.call("DELETE", f"/posts/{post['id']}/like")) == {"like_count": 0, "liked": False}
    ok(await bob.call("DELETE", f"/comments/{comment['id']}"), 204)

    standing = await ada.read(f"/posts/{post['id']}")
    assert (standing["like_count"], standing["comment_count"]) == (0, 0)
    expect_problem(await bob.call("DELETE", f"/posts/{post['id']}/like"), 404, "not_found")
    expect_problem(await bob.call("DELETE", f"/comments/{comment['id']}"), 404, "not_found")
    expect_problem(await bob.call("PUT", f"/posts/{post['id']}/like"), 404, "not_found")


async def test_likes_and_comments_of_others_on_hidden_post_stay_hidden(ada: Visitor, bob: Visitor) -> None:
    post, comment = await make_liked_post(ada, bob)
    eve = await new_visitor(ada.client, "eve")

    expect_problem(await eve.call("DELETE", f"/posts/{post['id']}/like"), 404, "not_found")
    expect_problem(await eve.call("DELETE", f"/comments/{comment['id']}"), 404, "not_found")
    ok(await eve.call("PUT", "/users/ada/follow"), 204)
    expect_problem(await eve.call("DELETE", f"/comments/{comment['id']}"), 403, "forbidden")
    standing = await ada.read(f"/posts/{post['id']}")
    assert (standing["like_count"], standing["comment_count"]) == (1, 1)


@pytest.mark.parametrize("blocker", ["ada", "bob"])
async def test_comment_is_hidden_from_everyone_during_block(ada: Visitor, bob: Visitor, blocker: str) -> None:
    post = await ada.post()
    comment, kept = await bob.comment(post, "an insult"), await ada.comment(post, "well")
    people = {"ada": ada, "bob": bob}
    other = "bob" if blocker == "ada" else "ada"
    ok(await people[blocker].call("PUT", f"/users/{other}/block"), 204)

    eve, anonymous = await new_visitor(ada.client, "eve"), Visitor(ada.client)
    for reader in (eve, anonymous, ada):
        assert ids(await reader.read(f"/posts/{post['id']}/comments")) == [kept["id"]]
    ok(await people[blocker].call("DELETE", f"/users/{other}/block"), 204)
    assert ids(await anonymous.read(f"/posts/{post['id']}/comments")) == [comment["id"], kept["id"]]


async def test_author_can_delete_comment_of_blocked_user(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    comment = await bob.comment(post)
    ok(await ada.call("PUT", "/users/bob/block"), 204)
    ok(await ada.call("DELETE", f"/comments/{comment['id']}"), 204)

    ok(await ada.call("DELETE", "/users/bob/block"), 204)
    assert ids(await Visitor(ada.client).read(f"/posts/{post['id']}/comments")) == []
    assert (await ada.read(f"/posts/{post['id']}"))["comment_count"] == 0
