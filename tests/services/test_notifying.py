"""Notifications as they come."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from domain.ids import NotificationId, UserId
from domain.notifications import Kind, Notice, Notification, earlier
from domain.pages import PageRequest
from tests.services.conftest import Town

PATIENCE = 0.05
SOON = 5.0


@asynccontextmanager
async def listening(
    town: Town, user_id: UserId, after: NotificationId | None = None
) -> AsyncIterator[AsyncIterator[Notification | None]]:
    async with aclosing(town.container.notifying().live(user_id, after, PATIENCE)) as live:
        yield live


async def heard(live: AsyncIterator[Notification | None], number: int) -> list[Notification]:
    """The next ones, silences left out."""
    found: list[Notification] = []
    async with asyncio.timeout(SOON):
        async for one in live:
            found += [one] if one else []
            if len(found) == number:
                break
    return found


async def silence(live: AsyncIterator[Notification | None]) -> None:
    async with asyncio.timeout(SOON):
        assert await anext(live) is None


async def test_what_comes_is_heard_at_once_and_what_was_there_is_not(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    await town.container.following().follow(bob, "ada")
    async with listening(town, ada) as live:
        await silence(live)

        await town.container.following().follow(eve, "ada")

        (found,) = await heard(live, 1)
        assert [actor.user.username for actor in found.actors] == ["eve"]
        await silence(live)


async def test_what_came_while_one_was_away_is_heard_first(town: Town) -> None:
    ada = await town.person("ada")
    fans = [await town.person(f"fan_{number}") for number in range(3)]
    for fan in fans:
        await town.container.following().follow(fan, "ada")
    newest_first = (await town.container.notifying().notifications(ada, PageRequest(10))).items

    async with listening(town, ada, newest_first[2].id) as live:
        assert await heard(live, 2) == [newest_first[1], newest_first[0]]
        await silence(live)


async def test_what_is_committed_late_is_heard_all_the_same(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    async with listening(town, ada) as live:
        await silence(live)
        early = NotificationId(town.container.ids().new())
        await town.container.following().follow(bob, "ada")
        (first,) = await heard(live, 1)
        assert early < first.id

        async with town.container.begin()() as uow:
            await uow.follows.add(eve, ada, town.container.clock().now(), 10)
            await uow.notices.add(Notice(early, ada, Kind.FOLLOW, eve, town.container.clock().now()))
            await uow.commit()

        assert [one.id for one in await heard(live, 1)] == [early]
        await silence(live)


async def test_a_group_of_likes_is_heard_anew_when_it_comes_up(town: Town) -> None:
    ada, bob, eve = [await town.person(name) for name in ("ada", "bob", "eve")]
    post = (await town.post(ada)).post
    async with listening(town, ada) as live:
        await silence(live)
        await town.container.liking().like(post.id, bob)
        (first,) = await heard(live, 1)

        town.clock.advance(timedelta(minutes=1))
        await town.container.liking().like(post.id, eve)

        (again,) = await heard(live, 1)
        assert ([actor.user.username for actor in again.actors], again.others_count) == (["eve", "bob"], 0)
        assert again.id > first.id


async def test_nothing_is_said_of_ones_own_comments(town: Town) -> None:
    ada, bob = await town.person("ada"), await town.person("bob")
    post = (await town.post(ada)).post
    await town.container.commenting().comment(post.id, ada, "mine")
    comment = (await town.container.commenting().comment(post.id, bob, "seen")).comment

    (found,) = (await town.container.notifying().notifications(ada, PageRequest(10))).items
    assert (found.kind, found.comment_id, found.post_id) == (Kind.COMMENT, comment.id, post.id)
    assert await unread(town, ada) == 1
    await town.container.notifying().mark_read(ada, found.id)
    assert await unread(town, ada) == 0


async def unread(town: Town, user_id: UserId) -> int:
    return await town.container.notifying().unread_count(user_id)


@pytest.mark.parametrize(("milliseconds", "floor"), [(20_000, 10_000), (5, 0)])
def test_an_earlier_id_is_the_first_of_its_millisecond(milliseconds: int, floor: int) -> None:
    late = NotificationId(UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | 12345))
    assert earlier(late, timedelta(seconds=10)).int == floor << 80
