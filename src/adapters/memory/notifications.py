from asyncio import timeout
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore, Transaction
from adapters.memory.tables import Tables
from adapters.memory.views import Views, standing
from domain.ids import NotificationId, UserId
from domain.notifications import (
    MOST_ACTORS,
    MOST_COUNTED,
    Kind,
    Notice,
    NoticeGroup,
    Notices,
    Notification,
    Notifications,
    Subscriptions,
    Wait,
)
from domain.pages import Page, PageRequest
from domain.visibility import is_notified

_BEFORE_ALL = NotificationId(UUID(int=0))


class MemoryNotices(Notices):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, notice: Notice) -> None:
        if (await self._transaction.tables()).notify(notice):
            self._transaction.signal(notice.user_id)


class MemoryNotifications(Notifications):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def addressed_to(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        found = self._standing(user_id)
        return highest_first([Entry(one, one.id) for one in found], page, lambda one: one)

    async def since(self, user_id: UserId, after: NotificationId, limit: int) -> Sequence[Notification]:
        return sorted((one for one in self._standing(user_id) if one.id > after), key=lambda one: one.id)[:limit]

    async def newest(self, user_id: UserId) -> NotificationId | None:
        notices = self._store.committed.notices.values()
        return max((group.newest.id for group in notices if group.newest.user_id == user_id), default=None)

    async def unread_count(self, user_id: UserId) -> int:
        return min(MOST_COUNTED, sum(not one.read for one in self._standing(user_id)))

    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        async with self._store.changing() as tables:
            theirs = [group.newest.id for group in tables.notices.values() if group.newest.user_id == user_id]
            present = [one for one in theirs if one <= up_to]
            if present and user_id in tables.users:
                before = tables.read_up_to.get(user_id, present[0])
                tables.read_up_to[user_id] = max(before, *present)

    def _standing(self, user_id: UserId) -> list[Notification]:
        tables = self._store.committed
        groups = (group for group in tables.notices.values() if group.newest.user_id == user_id)
        return [shown for group in groups if (shown := _shown(tables, group))]


class MemorySubscriptions(Subscriptions):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @asynccontextmanager
    async def subscribe(self, user_id: UserId) -> AsyncIterator[Wait]:
        seen = self._store.signals.get(user_id, 0)

        async def wait(seconds: float) -> bool:
            nonlocal seen
            async with self._store.signalled:
                with suppress(TimeoutError):
                    async with timeout(seconds):
                        await self._store.signalled.wait_for(lambda: self._store.signals.get(user_id, 0) > seen)
            before, seen = seen, self._store.signals.get(user_id, 0)
            return seen > before

        yield wait


def _shown(tables: Tables, group: NoticeGroup) -> Notification | None:
    """As it stands; None when nothing of it is left."""
    notice, views = group.newest, Views(tables, group.newest.user_id)
    actors = _actors(tables, group)[:MOST_COUNTED]
    if not actors:
        return None
    return Notification(
        id=notice.id,
        kind=notice.kind,
        actors=tuple(views.profile(tables.users[actor]) for actor in actors[:MOST_ACTORS]),
        others_count=max(0, len(actors) - MOST_ACTORS),
        created_at=notice.created_at,
        read=notice.id <= tables.read_up_to.get(notice.user_id, _BEFORE_ALL),
        post_id=notice.post_id,
        comment_id=notice.comment_id,
    )


def _actors(tables: Tables, group: NoticeGroup) -> list[UserId]:
    """Who did it and did not undo it, the newest first."""
    notice, pair = group.newest, (group.newest.actor, group.newest.user_id)
    match notice.kind:
        case Kind.LIKE:
            liked = [(at, who) for (post, who), at in tables.likes.items() if post == notice.post_id]
            found = [who for at, who in sorted(liked, reverse=True) if at >= group.since and who != notice.user_id]
        case Kind.FOLLOW:
            found = [notice.actor] if pair in tables.follows else []
        case Kind.FOLLOW_REQUEST:
            found = [notice.actor] if pair in tables.requests else []
        case Kind.COMMENT:
            found = [notice.actor]
    return [who for who in found if is_notified(standing(tables, notice.user_id, who))]
