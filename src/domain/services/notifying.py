"""Notifying: what one is told, what of it was read, and hearing of it at once."""

from collections.abc import AsyncGenerator
from uuid import UUID

from domain.ids import NotificationId, UserId
from domain.notifications import LATE, Notification, Notifications, Subscriptions, earlier
from domain.pages import Page, PageRequest

AT_ONCE = 100
BEFORE_ALL = NotificationId(UUID(int=0))


class Notifying:
    def __init__(self, notifications: Notifications, subscriptions: Subscriptions) -> None:
        self._notifications = notifications
        self._subscriptions = subscriptions

    async def notifications(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        """What others did that concerns this person, newest first."""
        return await self._notifications.addressed_to(user_id, page)

    async def unread_count(self, user_id: UserId) -> int:
        """How many are unread, `MOST_COUNTED` at most."""
        return await self._notifications.unread_count(user_id)

    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        """Those up to this one are read from now on."""
        await self._notifications.mark_read(user_id, up_to)

    async def live(
        self, user_id: UserId, after: NotificationId | None, silence: float
    ) -> AsyncGenerator[Notification | None, None]:
        """None once nothing is missed any more; then what comes, as it comes, and None after every `silence` seconds
        without a signal: after the notification `after`, or from now on. The store is read at the beginning and after
        a signal only. Nobody waits for who reads this slowly: each look reads what is there by then."""
        async with self._subscriptions.subscribe(user_id) as wait:
            last = after or await self._notifications.newest(user_id)
            known = await self._up_to(user_id, last)
            yield None
            while True:
                fresh = [one for one in await self._look(user_id, last) if one.id not in known]
                for notification in fresh:
                    yield notification
                    known.add(notification.id)
                    last = max(last or notification.id, notification.id)
                if last is not None:
                    floor = earlier(last, LATE)
                    known = {one for one in known if one > floor}
                while not fresh and not await wait(silence):
                    yield None

    async def _up_to(self, user_id: UserId, last: NotificationId | None) -> set[NotificationId]:
        """What was there before: looks reach back a little, for what is committed late."""
        if last is None:
            return set()
        return {one.id for one in await self._look(user_id, last) if one.id <= last}

    async def _look(self, user_id: UserId, last: NotificationId | None) -> list[Notification]:
        after = BEFORE_ALL if last is None else earlier(last, LATE)
        return list(await self._notifications.since(user_id, after, AT_ONCE))
