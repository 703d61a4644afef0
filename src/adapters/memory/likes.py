from datetime import datetime

from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from adapters.memory.views import can_see
from domain.ids import NotificationId, PostId, UserId
from domain.likes import Likes, LikeState
from domain.notifications import NotificationEvent, NotificationKind


class MemoryLikes(Likes):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def add(
        self, post_id: PostId, user_id: UserId, now: datetime, notification_id: NotificationId
    ) -> LikeState | None:
        async with self._store.edit() as tables:
            if not _may_like(tables, post_id, user_id):
                return None
            author, new = tables.posts[post_id].author_id, (post_id, user_id) not in tables.likes
            tables.add_like(post_id, user_id, now)
            event = NotificationEvent(notification_id, author, NotificationKind.LIKE, user_id, now, post_id)
            notified = new and not event.is_own_action and tables.notify(event)
        if notified:
            await self._store.signal([author])
        return LikeState(tables.posts[post_id].like_count, liked=True)

    async def remove(self, post_id: PostId, user_id: UserId) -> LikeState | None:
        async with self._store.edit() as tables:
            if (post_id, user_id) not in tables.likes and not _may_like(tables, post_id, user_id):
                return None
            tables.drop_like(post_id, user_id)
        return LikeState(tables.posts[post_id].like_count, liked=False)


def _may_like(tables: Tables, post_id: PostId, user_id: UserId) -> bool:
    return user_id in tables.users and can_see(tables, user_id, tables.posts.get(post_id))
