"""Reading and streaming of notifications."""

from collections.abc import AsyncGenerator
from uuid import UUID

from domain.ids import NotificationId, UserId
from domain.notifications import MAX_COMMIT_LAG, Notification, NotificationReader, Subscriptions, earlier_id
from domain.pages import Page, PageRequest
from domain.unit_of_work import UnitOfWorkFactory

BATCH_SIZE = 100
LOWEST_ID = NotificationId(UUID(int=0))


class Notifying:
    def __init__(
        self, begin: UnitOfWorkFactory, notification_reader: NotificationReader, subscriptions: Subscriptions
    ) -> None:
        self._begin = begin
        self._notification_reader = notification_reader
        self._subscriptions = subscriptions

    async def list_notifications(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        """Return the user's notifications, newest first."""
        return await self._notification_reader.of_user(user_id, page)

    async def unread_count(self, user_id: UserId) -> int:
        """Return the number of unread ones, at most `MAX_COUNTED`."""
        return await self._notification_reader.unread_count(user_id)

    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        """Mark notifications up to this one as read."""
        async with self._begin() as uow:
            await uow.notifications.mark_read(user_id, up_to)
            await uow.commit()

    async def stream(
        self, user_id: UserId, after: NotificationId | None, silence: float
    ) -> AsyncGenerator[Notification | None, None]:
        """Yield None once all missed notifications are sent, then new ones as they arrive, and None after every
        `silence` seconds without a signal. The stream starts after the notification `after`, or now. The database is
        read at the beginning and after a signal only. A slow reader delays nobody: each read returns everything up to
        then."""
        async with self._subscriptions.subscribe(user_id) as wait:
            last = after or await self._notification_reader.newest_id(user_id)
            known = await self._read_known_ids(user_id, last)
            yield None
            while True:
                fresh = [one for one in await self._read_recent(user_id, last) if one.id not in known]
                for notification in fresh:
                    yield notification
                    known.add(notification.id)
                    last = max(last or notification.id, notification.id)
                if last is not None:
                    floor = earlier_id(last, MAX_COMMIT_LAG)
                    known = {one for one in known if one > floor}
                while not fresh and not await wait(silence):
                    yield None

    async def _read_known_ids(self, user_id: UserId, last: NotificationId | None) -> set[NotificationId]:
        """Return the ids sent before. Reads overlap slightly, because notifications may be committed late."""
        if last is None:
            return set()
        return {one.id for one in await self._read_recent(user_id, last) if one.id <= last}

    async def _read_recent(self, user_id: UserId, last: NotificationId | None) -> list[Notification]:
        after = LOWEST_ID if last is None else earlier_id(last, MAX_COMMIT_LAG)
        return list(await self._notification_reader.since(user_id, after, BATCH_SIZE))
