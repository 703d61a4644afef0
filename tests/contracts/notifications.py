"""Notifications."""

import asyncio
from datetime import timedelta

from domain.ids import NotificationId
from domain.notifications import CALM, MOST_ACTORS, Kind, Notice, Notification
from domain.pages import Page
from domain.posts import Post
from domain.users import User
from tests.contracts.paging import ALL, assert_pages
from tests.contracts.world import World

SOON = 0.2
PATIENCE = 20.0


async def told_of_follow(world: World, follower: User, followee: User) -> Notice:
    notice = Notice(NotificationId(world.id()), followee.id, Kind.FOLLOW, follower.id, world.now())
    async with world.storage.begin() as uow:
        await uow.follows.add(follower.id, followee.id, notice.created_at, 1_000)
        await uow.notices.add(notice)
        await uow.commit()
    return notice


async def told_of_comment(world: World, post: Post, author: User, owner: User) -> Notice:
    comment = await world.comment(post, author)
    made = Notice(
        NotificationId(world.id()), owner.id, Kind.COMMENT, author.id, comment.created_at, post.id, comment.id
    )
    async with world.storage.begin() as uow:
        await uow.notices.add(made)
        await uow.commit()
    return made


async def told(world: World, user: User) -> tuple[Notification, ...]:
    return (await world.storage.notifications.addressed_to(user.id, ALL)).items


def who(notification: Notification) -> list[str]:
    return [actor.user.username for actor in notification.actors]


class NotificationsContract:
    async def test_a_follow_is_told_of_once_and_while_it_stands(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        notice = await told_of_follow(world, bob, ada)

        (found,) = await told(world, ada)
        assert (found.id, found.kind, who(found), found.read) == (notice.id, Kind.FOLLOW, ["bob"], False)
        assert (found.others_count, found.post_id, found.comment_id) == (0, None, None)
        assert found.actors[0].relation is not None
        assert found.actors[0].relation.followed_by

        await world.unfollow(bob, ada)
        assert await told(world, ada) == ()
        await told_of_follow(world, bob, ada)
        assert [one.id for one in await told(world, ada)] == [notice.id]

    async def test_a_request_is_told_of_until_it_is_answered(self, world: World) -> None:
        ada, bob = await world.user("ada", private=True), await world.user("bob")
        await world.follow(bob, ada)
        async with world.storage.begin() as uow:
            notice = Notice(NotificationId(world.id()), ada.id, Kind.FOLLOW_REQUEST, bob.id, world.now())
            await uow.notices.add(notice)
            await uow.commit()

        assert [(one.kind, who(one)) for one in await told(world, ada)] == [(Kind.FOLLOW_REQUEST, ["bob"])]
        await world.accept(bob, ada)
        assert await told(world, ada) == ()

    async def test_likes_of_one_post_are_one_notification(self, world: World) -> None:
        ada = await world.user("ada")
        post, other = await world.posts(ada, 2)
        fans = [await world.user(f"fan_{number}") for number in range(5)]
        for fan in fans:
            await world.like(post, fan)
        await world.like(post, ada)
        await world.like(other, fans[0])

        second, first = await told(world, ada)
        assert (first.post_id, who(first), first.others_count) == (post.id, ["fan_4", "fan_3", "fan_2"], 2)
        assert (second.post_id, who(second), second.others_count) == (other.id, ["fan_0"], 0)

        await world.unlike(post, fans[4])
        assert who((await told(world, ada))[1]) == ["fan_3", "fan_2", "fan_1"]
        for fan in fans:
            await world.unlike(post, fan)
        assert [one.post_id for one in await told(world, ada)] == [other.id]

    async def test_ones_own_likes_are_no_news(self, world: World) -> None:
        ada = await world.user("ada")
        await world.like(await world.post(ada), ada)
        assert await told(world, ada) == ()
        assert await world.storage.notifications.newest(ada.id) is None

    async def test_an_unread_group_comes_up_again_after_a_calm_and_not_before(self, world: World) -> None:
        ada, bob, eve, mia = [await world.user(name) for name in ("ada", "bob", "eve", "mia")]
        post = await world.post(ada)
        start = world.now()
        await world.like(post, bob, start)
        (first,) = await told(world, ada)

        await world.like(post, eve, start + CALM - timedelta(seconds=1))
        (same,) = await told(world, ada)
        assert (same.id, who(same)) == (first.id, ["eve", "bob"])

        await world.like(post, mia, start + CALM + timedelta(seconds=1))
        (again,) = await told(world, ada)
        assert again.id > first.id
        assert who(again) == ["mia", "eve", "bob"]

    async def test_a_group_that_was_read_starts_anew(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        post = await world.post(ada)
        await world.like(post, bob)
        (first,) = await told(world, ada)
        await world.storage.notifications.mark_read(ada.id, first.id)
        assert (await told(world, ada))[0].read

        await world.like(post, eve)

        (new,) = await told(world, ada)
        assert (who(new), new.read) == (["eve"], False)

    async def test_many_likes_at_once_make_one_group(self, world: World) -> None:
        ada, post = await world.user("ada"), await world.post(await world.user("bob"))
        fans = [await world.user(f"fan_{number}") for number in range(20)]

        await asyncio.gather(*(world.like(post, fan) for fan in [ada, *fans]))

        [found] = [one for one in await told_to_author(world, post) if one.kind is Kind.LIKE]
        assert len(found.actors) == MOST_ACTORS
        assert found.others_count + MOST_ACTORS == 21

    async def test_a_comment_is_told_of_until_it_is_deleted(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        notice = await told_of_comment(world, post, bob, ada)

        (found,) = await told(world, ada)
        assert (found.kind, found.post_id, found.comment_id) == (Kind.COMMENT, post.id, notice.comment_id)

        async with world.storage.begin() as uow:
            assert notice.comment_id is not None
            await uow.comments.delete(notice.comment_id)
            await uow.commit()
        assert await told(world, ada) == ()

    async def test_what_goes_takes_its_notifications_along(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        post = await world.post(ada)
        await world.like(post, bob)
        await told_of_comment(world, post, bob, ada)
        await told_of_follow(world, bob, ada)

        await world.delete_post(post)
        assert [one.kind for one in await told(world, ada)] == [Kind.FOLLOW]
        await world.delete_user(bob)
        assert await told(world, ada) == ()
        assert await world.storage.notifications.newest(ada.id) is None

    async def test_blocked_and_muted_people_are_not_heard_of(self, world: World) -> None:
        ada, bob, eve, mia = [await world.user(name) for name in ("ada", "bob", "eve", "mia")]
        post = await world.post(ada)
        for other in (bob, eve, mia):
            await world.like(post, other)
            await told_of_follow(world, other, ada)
        await world.mute(ada, bob)
        await world.block(eve, ada)

        assert [who(one) for one in await told(world, ada)] == [["mia"], ["mia"]]
        assert await world.storage.notifications.unread_count(ada.id) == 2

    async def test_they_are_counted_and_marked_as_read_up_to_one(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")
        fans = [await world.user(f"fan_{number}") for number in range(4)]
        notices = [await told_of_follow(world, fan, ada) for fan in fans]
        stranger = await told_of_follow(world, ada, bob)
        assert await world.storage.notifications.unread_count(ada.id) == 4

        await world.storage.notifications.mark_read(ada.id, notices[1].id)
        assert [one.read for one in await told(world, ada)] == [False, False, True, True]
        await world.storage.notifications.mark_read(ada.id, notices[0].id)
        assert await world.storage.notifications.unread_count(ada.id) == 2, "nothing becomes unread again"

        await world.storage.notifications.mark_read(ada.id, stranger.id)
        assert await world.storage.notifications.unread_count(ada.id) == 0
        await told_of_follow(world, bob, ada)
        assert await world.storage.notifications.unread_count(ada.id) == 1, "what is still to come was not marked"
        assert await world.storage.notifications.unread_count(bob.id) == 1

    async def test_they_are_paged(self, world: World) -> None:
        ada = await world.user("ada")
        for number in range(5):
            await told_of_follow(world, await world.user(f"fan_{number}"), ada)
        found = await told(world, ada)
        assert [who(one) for one in found] == [[f"fan_{number}"] for number in (4, 3, 2, 1, 0)]
        await assert_pages(lambda page: world.storage.notifications.addressed_to(ada.id, page), found)

    async def test_those_since_one_stand_oldest_first(self, world: World) -> None:
        ada = await world.user("ada")
        notices = [await told_of_follow(world, await world.user(f"fan_{number}"), ada) for number in range(5)]
        found = await world.storage.notifications.since(ada.id, notices[1].id, 2)
        assert [one.id for one in found] == [notices[2].id, notices[3].id]
        assert await world.storage.notifications.newest(ada.id) == notices[4].id


async def told_to_author(world: World, post: Post) -> tuple[Notification, ...]:
    page: Page[Notification] = await world.storage.notifications.addressed_to(post.author_id, ALL)
    return page.items


class SubscriptionsContract:
    async def test_they_wake_whom_a_notice_concerns(self, world: World) -> None:
        ada, bob, eve = [await world.user(name) for name in ("ada", "bob", "eve")]
        post = await world.post(ada)

        async with (
            world.storage.subscriptions.subscribe(ada.id) as ada_wait,
            world.storage.subscriptions.subscribe(eve.id) as eve_wait,
        ):
            waiting = [asyncio.ensure_future(wait(PATIENCE)) for wait in (ada_wait, eve_wait)]
            await asyncio.sleep(SOON)
            await world.like(post, bob)
            await asyncio.wait_for(waiting[0], PATIENCE / 2)
            assert not waiting[1].done()
            waiting[1].cancel()

    async def test_they_wake_once_a_notice_is_committed(self, world: World) -> None:
        ada, bob = await world.user("ada"), await world.user("bob")

        async with world.storage.subscriptions.subscribe(ada.id) as wait:
            await told_of_follow(world, bob, ada)
            async with asyncio.timeout(PATIENCE / 2):
                await wait(PATIENCE)

    async def test_a_wait_ends_after_its_time(self, world: World) -> None:
        ada = await world.user("ada")
        async with world.storage.subscriptions.subscribe(ada.id) as wait, asyncio.timeout(PATIENCE):
            await wait(SOON)
