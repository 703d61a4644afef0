from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, can_see
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.people import People, Profile
from domain.users import User


class MemoryPeople(People):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_username(self, username: str, viewer: UserId | None) -> Profile | None:
        tables = self._store.committed
        found = (user for user in tables.users.values() if user.username == username)
        user = next(found, None)
        return Views(tables, viewer).profile(user) if user else None

    async def by_login(self, name_or_email: str) -> User | None:
        users = self._store.committed.users.values()
        return next((user for user in users if name_or_email in {user.username, user.email}), None)

    async def followers(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        follows = self._store.committed.follows.items()
        return self._listed({one: at.timestamp() for (one, other), at in follows if other == of}, viewer, page)

    async def following(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        follows = self._store.committed.follows.items()
        return self._listed({other: at.timestamp() for (one, other), at in follows if one == of}, viewer, page)

    async def who_liked(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        if not can_see(viewer, tables.posts.get(post_id)):
            return Page(())
        likes = tables.likes.items()
        return self._listed({liker: at.timestamp() for (post, liker), at in likes if post == post_id}, viewer, page)

    async def everybody(self, page: PageRequest) -> Page[Profile]:
        return self._listed(dict.fromkeys(self._store.committed.users, 0.0), None, page)

    def _listed(self, keys: dict[UserId, float], viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        entries = [Entry(tables.users[user_id], user_id, key) for user_id, key in keys.items()]
        return highest_first(entries, page, Views(tables, viewer).profile)
