from collections.abc import Sequence
from uuid import UUID

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_comment_hidden, is_suspended
from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from adapters.memory.views import Views, standing_of
from domain.ids import NotificationId, UserId
from domain.notifications import (
    MAX_ACTORS,
    MAX_COUNTED,
    Notification,
    NotificationGroup,
    NotificationKind,
    NotificationReader,
)
from domain.pages import Page, PageRequest
from domain.visibility import is_notified

_LOWEST_ID = NotificationId(UUID(int=0))


class MemoryNotificationReader(NotificationReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Notification]:
        entries = [Entry(one, one.id) for one in self._current(user_id)]
        return highest_first(entries, page, lambda one: one)

    async def since(self, user_id: UserId, after: NotificationId, limit: int) -> Sequence[Notification]:
        return sorted((one for one in self._current(user_id) if one.id > after), key=lambda one: one.id)[:limit]

    async def newest_id(self, user_id: UserId) -> NotificationId | None:
        notices = self._store.committed.notifications.values()
        return max((group.newest.id for group in notices if group.newest.user_id == user_id), default=None)

    async def unread_count(self, user_id: UserId) -> int:
        return min(MAX_COUNTED, sum(not one.read for one in self._current(user_id)))

    def _current(self, user_id: UserId) -> list[Notification]:
        tables = self._store.committed
        groups = (group for group in tables.notifications.values() if group.newest.user_id == user_id)
        return [one for group in groups if (one := _to_notification(tables, group))]


def _to_notification(tables: Tables, group: NotificationGroup) -> Notification | None:
    """Return the current state; None when nothing of it is left."""
    event, views = group.newest, Views(tables, group.newest.user_id)
    actors = _actors(tables, group)[:MAX_COUNTED]
    if not actors:
        return None
    return Notification(
        id=event.id,
        kind=event.kind,
        actors=()
        if event.kind is NotificationKind.DECISION
        else tuple(views.profile(tables.users[actor]) for actor in actors[:MAX_ACTORS]),
        others_count=max(0, len(actors) - MAX_ACTORS),
        created_at=event.created_at,
        read=event.id <= tables.read_up_to.get(event.user_id, _LOWEST_ID),
        post_id=event.post_id,
        comment_id=event.comment_id,
    )


def _actors(tables: Tables, group: NotificationGroup) -> list[UserId]:
    """Return the actors whose action is not undone, newest first."""
    event, pair = group.newest, (group.newest.actor, group.newest.user_id)
    match event.kind:
        case NotificationKind.LIKE:
            liked = [(at, who) for (post, who), at in tables.likes.items() if post == event.post_id]
            actors = [who for at, who in sorted(liked, reverse=True) if at >= group.since and who != event.user_id]
        case NotificationKind.FOLLOW:
            actors = [event.actor] if pair in tables.follows else []
        case NotificationKind.FOLLOW_REQUEST:
            actors = [event.actor] if pair in tables.requests else []
        case NotificationKind.COMMENT:
            comment = None if event.comment_id is None else tables.comments.get(event.comment_id)
            actors = [] if comment and is_comment_hidden(tables, comment) else [event.actor]
        case NotificationKind.DECISION:
            actors = [event.actor]
    recipient = event.user_id
    return [
        who for who in actors if is_notified(standing_of(tables, recipient, who), suspended=is_suspended(tables, who))
    ]
