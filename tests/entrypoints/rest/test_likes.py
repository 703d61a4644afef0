import asyncio

import pytest
from httpx import AsyncClient

from tests.entrypoints.rest.visitors import Visitor, new_visitor, ok


@pytest.fixture
async def ada(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "ada")


@pytest.fixture
async def bob(client: AsyncClient) -> Visitor:
    return await new_visitor(client, "bob")


async def test_like_is_idempotent(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    assert [await bob.like(post) for _ in range(2)] == [{"like_count": 1, "liked": True}] * 2
    assert await ada.like(post) == {"like_count": 2, "liked": True}
    seen = await bob.read(f"/posts/{post['id']}")
    assert (seen["like_count"], seen["viewer"]) == (2, {"liked": True})


async def test_unlike_is_idempotent(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await ada.like(post)
    await bob.like(post)
    for _ in range(2):
        taken = ok(await bob.call("DELETE", f"/posts/{post['id']}/like"))
        assert taken == {"like_count": 1, "liked": False}
    assert (await bob.read(f"/posts/{post['id']}"))["viewer"] == {"liked": False}


async def test_concurrent_likes_are_all_counted(client: AsyncClient, ada: Visitor) -> None:
    post = await ada.post()
    fans = [await new_visitor(client, f"fan_{number}") for number in range(20)]
    await asyncio.gather(*(fan.like(post) for fan in fans for _ in range(2)))
    assert (await ada.read(f"/posts/{post['id']}"))["like_count"] == 20


async def test_likers_are_public_and_sorted_newest_first(ada: Visitor, bob: Visitor) -> None:
    post = await ada.post()
    await bob.like(post)
    await ada.like(post)
    await bob.follow(ada)
    listed = (await bob.read(f"/posts/{post['id']}/likes"))["items"]
    assert [user["username"] for user in listed] == ["ada", "bob"]
    assert listed[0]["viewer"]["follows"] is True
    listed = (await Visitor(ada.client).read(f"/posts/{post['id']}/likes"))["items"]
    assert [user["viewer"] for user in listed] == [None, None]
