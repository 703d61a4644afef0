"""The first posts of new accounts wait for approval, where the operator wants it."""

import pytest
from httpx import AsyncClient

from container import Container
from domain.roles import Role
from tests.containers import memory_container
from tests.entrypoints.rest.visitors import Json, Visitor, expect_problem, new_visitor, ok


@pytest.fixture
def container() -> Container:
    return memory_container(config={"review_first_posts": 2})


async def test_first_posts_wait_for_approval(client: AsyncClient, container: Container) -> None:
    ada, mia, guest = await new_visitor(client, "ada"), await new_visitor(client, "mia"), Visitor(client)
    await container.accounts().set_role("mia", Role.MODERATOR)
    posts = [await ada.post(seed=seed) for seed in (1, 2, 3)]

    assert [post["hidden"] for post in posts] == [True, True, False]
    expect_problem(await guest.get(f"/posts/{posts[0]['id']}"), 404, "not_found")
    groups = (await mia.read("/moderation/reports"))["items"]
    assert [(group["target_id"], group["reasons"]) for group in groups] == [
        (posts[1]["id"], {"review": 1}),
        (posts[0]["id"], {"review": 1}),
    ]
    waiting = (await ada.read("/me/decisions"))["items"]
    assert [one["rule"] for one in waiting] == ["first posts"] * 2
    appeal = await ada.call("POST", f"/me/decisions/{waiting[0]['id']}/appeal", json={"text": "hurry"})
    expect_problem(appeal, 409, "not_appealable")

    approval: Json = {"kind": "post", "id": posts[0]["id"], "rule": "none", "reason": "fine", "effect": "none"}
    ok(await mia.call("POST", "/moderation/decisions", json=approval), 201)
    assert (await guest.read(f"/posts/{posts[0]['id']}"))["hidden"] is False
    assert len((await mia.read("/moderation/reports"))["items"]) == 1


async def test_posts_of_moderators_do_not_wait(client: AsyncClient, container: Container) -> None:
    mia = await new_visitor(client, "mia")
    await container.accounts().set_role("mia", Role.MODERATOR)

    assert (await mia.post())["hidden"] is False
