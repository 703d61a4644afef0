"""The stream of notifications."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest

from domain.ids import NotificationId, UserId
from domain.notifications import Notification, NotificationEvent, NotificationKind, earlier_id
from domain.pages import PageRequest
from tests.services.conftest import ServiceHarness

SILENCE_SECONDS = 0.05
TIMEOUT = 5.0


@asynccontextmanager
async def open_stream(
    harness: ServiceHarness, user_id: UserId, after: NotificationId | None = None
) -> AsyncIterator[AsyncIterator[Notification | None]]:
    async with aclosing(harness.container.notifying().stream(user_id, after, SILENCE_SECONDS)) as live:
        yield live


async def read_next(live: AsyncIterator[Notification | None], number: int) -> list[Notification]:
    """The next notifications, without heartbeats."""
    found: list[Notification] = []
    async with asyncio.timeout(TIMEOUT):
        async for one in live:
            found += [one] if one else []
            if len(found) == number:
                break
    return found


async def expect_silence(live: AsyncIterator[Notification | None]) -> None:
    async with asyncio.timeout(TIMEOUT):
        assert await anext(live) is None


async def test_stream_contains_new_notifications_only(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    await harness.container.following().follow(bob, "ada")
    async with open_stream(harness, ada) as live:
        await expect_silence(live)

        await harness.container.following().follow(eve, "ada")

        (found,) = await read_next(live, 1)
        assert [actor.user.username for actor in found.actors] == ["eve"]
        await expect_silence(live)


async def test_resumed_stream_starts_with_missed_notifications(harness: ServiceHarness) -> None:
    ada = await harness.sign_up("ada")
    fans = [await harness.sign_up(f"fan_{number}") for number in range(3)]
    for fan in fans:
        await harness.container.following().follow(fan, "ada")
    newest_first = (await harness.container.notifying().list_notifications(ada, PageRequest(10))).items

    async with open_stream(harness, ada, newest_first[2].id) as live:
        assert await read_next(live, 2) == [newest_first[1], newest_first[0]]
        await expect_silence(live)


async def test_late_commits_are_delivered(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    async with open_stream(harness, ada) as live:
        await expect_silence(live)
        early = NotificationId(harness.container.ids().new())
        await harness.container.following().follow(bob, "ada")
        (first,) = await read_next(live, 1)
        assert early < first.id

        async with harness.container.storage().begin() as uow:
            await uow.follows.add(eve, ada, harness.container.clock().now(), 10)
            await uow.notifications.add(
                NotificationEvent(early, ada, NotificationKind.FOLLOW, eve, harness.container.clock().now())
            )
            await uow.commit()

        assert [one.id for one in await read_next(live, 1)] == [early]
        await expect_silence(live)


async def test_updated_group_is_delivered_again(harness: ServiceHarness) -> None:
    ada, bob, eve = [await harness.sign_up(name) for name in ("ada", "bob", "eve")]
    post = (await harness.publish(ada)).post
    async with open_stream(harness, ada) as live:
        await expect_silence(live)
        await harness.container.liking().like(post.id, bob)
        (first,) = await read_next(live, 1)

        harness.clock.advance(timedelta(minutes=1))
        await harness.container.liking().like(post.id, eve)

        (again,) = await read_next(live, 1)
        assert ([actor.user.username for actor in again.actors], again.others_count) == (["eve", "bob"], 0)
        assert again.id > first.id


async def test_own_comments_do_not_notify(harness: ServiceHarness) -> None:
    ada, bob = await harness.sign_up("ada"), await harness.sign_up("bob")
    post = (await harness.publish(ada)).post
    await harness.container.commenting().comment(post.id, ada, "mine")
    comment = (await harness.container.commenting().comment(post.id, bob, "seen")).comment

    (found,) = (await harness.container.notifying().list_notifications(ada, PageRequest(10))).items
    assert (found.kind, found.comment_id, found.post_id) == (NotificationKind.COMMENT, comment.id, post.id)
    assert await unread_count(harness, ada) == 1
    await harness.container.notifying().mark_read(ada, found.id)
    assert await unread_count(harness, ada) == 0


async def unread_count(harness: ServiceHarness, user_id: UserId) -> int:
    return await harness.container.notifying().unread_count(user_id)


@pytest.mark.parametrize(("milliseconds", "floor"), [(20_000, 10_000), (5, 0)])
def test_lower_bound_is_first_id_of_millisecond(milliseconds: int, floor: int) -> None:
    late = NotificationId(UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | 12345))
    assert earlier_id(late, timedelta(seconds=10)).int == floor << 80
