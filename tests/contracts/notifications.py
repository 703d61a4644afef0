"""The contracts of notifications and their subscriptions."""

import asyncio
from datetime import timedelta

from domain.ids import NotificationId, UserId
from domain.notifications import GROUP_COOLDOWN, MAX_ACTORS, Notification, NotificationEvent, NotificationKind
from domain.pages import Page
from domain.posts import Post
from domain.users import User
from tests.contracts.harness import StorageHarness
from tests.contracts.paging import ALL, assert_pages

SHORT_WAIT = 0.2
TIMEOUT = 20.0


async def notify_of_follow(harness: StorageHarness, follower: User, followee: User) -> NotificationEvent:
    notice = NotificationEvent(
        NotificationId(harness.new_id()), followee.id, NotificationKind.FOLLOW, follower.id, harness.now()
    )
    async with harness.storage.begin() as uow:
        await uow.follows.add(follower.id, followee.id, notice.created_at, 1_000)
        await uow.notifications.add(notice)
        await uow.commit()
    return notice


async def notify_of_comment(harness: StorageHarness, post: Post, author: User, owner: User) -> NotificationEvent:
    comment = await harness.add_comment(post, author)
    made = NotificationEvent(
        NotificationId(harness.new_id()),
        owner.id,
        NotificationKind.COMMENT,
        author.id,
        comment.created_at,
        post.id,
        comment.id,
    )
    async with harness.storage.begin() as uow:
        await uow.notifications.add(made)
        await uow.commit()
    return made


async def read_notifications(harness: StorageHarness, user: User) -> tuple[Notification, ...]:
    return (await harness.storage.notification_reader.of_user(user.id, ALL)).items


async def mark_read(harness: StorageHarness, user_id: UserId, up_to: NotificationId) -> None:
    async with harness.storage.begin() as uow:
        await uow.notifications.mark_read(user_id, up_to)
        await uow.commit()


def actor_names(notification: Notification) -> list[str]:
    return [actor.user.username for actor in notification.actors]


class NotificationReaderContract:
    async def test_follow_notifies_once_while_it_exists(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        notice = await notify_of_follow(harness, bob, ada)

        (found,) = await read_notifications(harness, ada)
        assert (found.id, found.kind, actor_names(found), found.read) == (
            notice.id,
            NotificationKind.FOLLOW,
            ["bob"],
            False,
        )
        assert (found.others_count, found.post_id, found.comment_id) == (0, None, None)
        assert found.actors[0].relation is not None
        assert found.actors[0].relation.followed_by

        await harness.unfollow(bob, ada)
        assert await read_notifications(harness, ada) == ()
        await notify_of_follow(harness, bob, ada)
        assert [one.id for one in await read_notifications(harness, ada)] == [notice.id]

    async def test_request_notifies_until_answered(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada", private=True), await harness.add_user("bob")
        await harness.follow(bob, ada)
        async with harness.storage.begin() as uow:
            notice = NotificationEvent(
                NotificationId(harness.new_id()), ada.id, NotificationKind.FOLLOW_REQUEST, bob.id, harness.now()
            )
            await uow.notifications.add(notice)
            await uow.commit()

        assert [(one.kind, actor_names(one)) for one in await read_notifications(harness, ada)] == [
            (NotificationKind.FOLLOW_REQUEST, ["bob"])
        ]
        await harness.accept(bob, ada)
        assert await read_notifications(harness, ada) == ()

    async def test_likes_of_post_are_grouped(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        post, other = await harness.add_posts(ada, 2)
        fans = [await harness.add_user(f"fan_{number}") for number in range(5)]
        for fan in fans:
            await harness.like(post, fan)
        await harness.like(post, ada)
        await harness.like(other, fans[0])

        second, first = await read_notifications(harness, ada)
        assert (first.post_id, actor_names(first), first.others_count) == (post.id, ["fan_4", "fan_3", "fan_2"], 2)
        assert (second.post_id, actor_names(second), second.others_count) == (other.id, ["fan_0"], 0)

        await harness.unlike(post, fans[4])
        assert actor_names((await read_notifications(harness, ada))[1]) == ["fan_3", "fan_2", "fan_1"]
        for fan in fans:
            await harness.unlike(post, fan)
        assert [one.post_id for one in await read_notifications(harness, ada)] == [other.id]

    async def test_own_likes_do_not_notify(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        await harness.like(await harness.add_post(ada), ada)
        assert await read_notifications(harness, ada) == ()
        assert await harness.storage.notification_reader.newest_id(ada.id) is None

    async def test_unread_group_moves_up_after_pause_only(self, harness: StorageHarness) -> None:
        ada, bob, eve, mia = [await harness.add_user(name) for name in ("ada", "bob", "eve", "mia")]
        post = await harness.add_post(ada)
        start = harness.now()
        await harness.like(post, bob, start)
        (first,) = await read_notifications(harness, ada)

        await harness.like(post, eve, start + GROUP_COOLDOWN - timedelta(seconds=1))
        (same,) = await read_notifications(harness, ada)
        assert (same.id, actor_names(same)) == (first.id, ["eve", "bob"])

        await harness.like(post, mia, start + GROUP_COOLDOWN + timedelta(seconds=1))
        (again,) = await read_notifications(harness, ada)
        assert again.id > first.id
        assert actor_names(again) == ["mia", "eve", "bob"]

    async def test_like_after_reading_starts_new_group(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post = await harness.add_post(ada)
        await harness.like(post, bob)
        (first,) = await read_notifications(harness, ada)
        await mark_read(harness, ada.id, first.id)
        assert (await read_notifications(harness, ada))[0].read

        await harness.like(post, eve)

        (new,) = await read_notifications(harness, ada)
        assert (actor_names(new), new.read) == (["eve"], False)

    async def test_concurrent_likes_make_one_group(self, harness: StorageHarness) -> None:
        ada, post = await harness.add_user("ada"), await harness.add_post(await harness.add_user("bob"))
        fans = [await harness.add_user(f"fan_{number}") for number in range(20)]

        await asyncio.gather(*(harness.like(post, fan) for fan in [ada, *fans]))

        [found] = [one for one in await read_author_notifications(harness, post) if one.kind is NotificationKind.LIKE]
        assert len(found.actors) == MAX_ACTORS
        assert found.others_count + MAX_ACTORS == 21

    async def test_comment_notifies_until_deleted(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        notice = await notify_of_comment(harness, post, bob, ada)

        (found,) = await read_notifications(harness, ada)
        assert (found.kind, found.post_id, found.comment_id) == (NotificationKind.COMMENT, post.id, notice.comment_id)

        async with harness.storage.begin() as uow:
            assert notice.comment_id is not None
            await uow.comments.delete(notice.comment_id)
            await uow.commit()
        assert await read_notifications(harness, ada) == ()

    async def test_deletions_remove_notifications(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        post = await harness.add_post(ada)
        await harness.like(post, bob)
        await notify_of_comment(harness, post, bob, ada)
        await notify_of_follow(harness, bob, ada)

        await harness.delete_post(post)
        assert [one.kind for one in await read_notifications(harness, ada)] == [NotificationKind.FOLLOW]
        await harness.delete_user(bob)
        assert await read_notifications(harness, ada) == ()
        assert await harness.storage.notification_reader.newest_id(ada.id) is None

    async def test_blocked_and_muted_users_do_not_notify(self, harness: StorageHarness) -> None:
        ada, bob, eve, mia = [await harness.add_user(name) for name in ("ada", "bob", "eve", "mia")]
        post = await harness.add_post(ada)
        for other in (bob, eve, mia):
            await harness.like(post, other)
            await notify_of_follow(harness, other, ada)
        await harness.mute(ada, bob)
        await harness.block(eve, ada)

        assert [actor_names(one) for one in await read_notifications(harness, ada)] == [["mia"], ["mia"]]
        assert await harness.storage.notification_reader.unread_count(ada.id) == 2

    async def test_unread_count_and_mark_read(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")
        fans = [await harness.add_user(f"fan_{number}") for number in range(4)]
        notices = [await notify_of_follow(harness, fan, ada) for fan in fans]
        other = await notify_of_follow(harness, ada, bob)
        assert await harness.storage.notification_reader.unread_count(ada.id) == 4

        await mark_read(harness, ada.id, notices[1].id)
        assert [one.read for one in await read_notifications(harness, ada)] == [False, False, True, True]
        await mark_read(harness, ada.id, notices[0].id)
        assert await harness.storage.notification_reader.unread_count(ada.id) == 2, "nothing becomes unread again"

        await mark_read(harness, ada.id, other.id)
        assert await harness.storage.notification_reader.unread_count(ada.id) == 0
        await notify_of_follow(harness, bob, ada)
        assert await harness.storage.notification_reader.unread_count(ada.id) == 1, (
            "what is still to come was not marked"
        )
        assert await harness.storage.notification_reader.unread_count(bob.id) == 1

    async def test_notifications_are_paged(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        for number in range(5):
            await notify_of_follow(harness, await harness.add_user(f"fan_{number}"), ada)
        found = await read_notifications(harness, ada)
        assert [actor_names(one) for one in found] == [[f"fan_{number}"] for number in (4, 3, 2, 1, 0)]
        await assert_pages(lambda page: harness.storage.notification_reader.of_user(ada.id, page), found)

    async def test_notifications_since_one_are_sorted_oldest_first(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        notices = [await notify_of_follow(harness, await harness.add_user(f"fan_{number}"), ada) for number in range(5)]
        found = await harness.storage.notification_reader.since(ada.id, notices[1].id, 2)
        assert [one.id for one in found] == [notices[2].id, notices[3].id]
        assert await harness.storage.notification_reader.newest_id(ada.id) == notices[4].id


async def read_author_notifications(harness: StorageHarness, post: Post) -> tuple[Notification, ...]:
    page: Page[Notification] = await harness.storage.notification_reader.of_user(post.author_id, ALL)
    return page.items


class SubscriptionsContract:
    async def test_notification_wakes_its_receiver(self, harness: StorageHarness) -> None:
        ada, bob, eve = [await harness.add_user(name) for name in ("ada", "bob", "eve")]
        post = await harness.add_post(ada)

        async with (
            harness.storage.subscriptions.subscribe(ada.id) as ada_wait,
            harness.storage.subscriptions.subscribe(eve.id) as eve_wait,
        ):
            waiting = [asyncio.ensure_future(wait(TIMEOUT)) for wait in (ada_wait, eve_wait)]
            await asyncio.sleep(SHORT_WAIT)
            await harness.like(post, bob)
            await asyncio.wait_for(waiting[0], TIMEOUT / 2)
            assert not waiting[1].done()
            waiting[1].cancel()

    async def test_wake_up_follows_commit(self, harness: StorageHarness) -> None:
        ada, bob = await harness.add_user("ada"), await harness.add_user("bob")

        async with harness.storage.subscriptions.subscribe(ada.id) as wait:
            await notify_of_follow(harness, bob, ada)
            async with asyncio.timeout(TIMEOUT / 2):
                await wait(TIMEOUT)

    async def test_wait_times_out(self, harness: StorageHarness) -> None:
        ada = await harness.add_user("ada")
        async with harness.storage.subscriptions.subscribe(ada.id) as wait, asyncio.timeout(TIMEOUT):
            await wait(SHORT_WAIT)
