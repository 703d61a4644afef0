from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_suspended
from adapters.memory.store import MemoryStore
from adapters.memory.tables import Tables
from adapters.memory.views import Views, can_see, is_person_listed, standing_of
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile, UserReader
from domain.users import User
from domain.visibility import can_find_profile


class MemoryUserReader(UserReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_username(self, username: str, viewer: UserId | None) -> Profile | None:
        tables = self._store.committed
        users = (user for user in tables.users.values() if user.username == username)
        return _profile(tables, next(users, None), viewer)

    async def by_id(self, user_id: UserId, viewer: UserId | None) -> Profile | None:
        tables = self._store.committed
        return _profile(tables, tables.users.get(user_id), viewer)

    async def account(self, username: str) -> Profile | None:
        tables = self._store.committed
        users = (user for user in tables.users.values() if user.username == username)
        return next((Views(tables, None).profile(user) for user in users), None)

    async def by_login(self, name_or_email: str) -> User | None:
        users = self._store.committed.users.values()
        logins = ((user, {user.username, user.email} if user.holds_email else {user.username}) for user in users)
        return next((user for user, names in logins if name_or_email in names), None)

    async def followers(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        follows = self._store.committed.follows.items()
        return self._page_of_listed({one: at.timestamp() for (one, other), at in follows if other == of}, viewer, page)

    async def following(self, of: UserId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        follows = self._store.committed.follows.items()
        return self._page_of_listed({other: at.timestamp() for (one, other), at in follows if one == of}, viewer, page)

    async def likers(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        if not can_see(tables, viewer, tables.posts.get(post_id)):
            return Page(())
        likes = tables.likes.items()
        return self._page_of_listed(
            {liker: at.timestamp() for (post, liker), at in likes if post == post_id}, viewer, page
        )

    async def requesters(self, of: UserId, page: PageRequest) -> Page[Profile]:
        requests = self._store.committed.requests.items()
        return self._page_of_listed({one: at.timestamp() for (one, other), at in requests if other == of}, of, page)

    async def blocked_by(self, blocker: UserId, page: PageRequest) -> Page[Profile]:
        blocks = self._store.committed.blocks.items()
        chosen = {other: at.timestamp() for (one, other), at in blocks if one == blocker}
        return self._page(chosen, blocker, page)

    async def muted_by(self, muter: UserId, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        chosen = {other: at.timestamp() for (one, other), at in tables.mutes.items() if one == muter}
        listed = {other: at for other, at in chosen.items() if not standing_of(tables, muter, other).blocked}
        return self._page(listed, muter, page)

    async def all_users(self, page: PageRequest) -> Page[Profile]:
        return self._page(dict.fromkeys(self._store.committed.users, 0.0), None, page)

    async def pending(self, page: PageRequest) -> Page[Profile]:
        users = self._store.committed.users.values()
        return self._page({user.id: 0.0 for user in users if user.is_pending}, None, page)

    def _page_of_listed(self, keys: dict[UserId, float], viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        visible = {user_id: key for user_id, key in keys.items() if is_person_listed(tables, viewer, user_id)}
        return self._page(visible, viewer, page)

    def _page(self, keys: dict[UserId, float], viewer: UserId | None, page: PageRequest) -> Page[Profile]:
        tables = self._store.committed
        entries = [Entry(tables.users[user_id], user_id, key) for user_id, key in keys.items()]
        return highest_first(entries, page, Views(tables, viewer).profile)


def _profile(tables: Tables, user: User | None, viewer: UserId | None) -> Profile | None:
    if user is None or not _can_find(tables, viewer, user):
        return None
    return Views(tables, viewer).profile(user)


def _can_find(tables: Tables, viewer: UserId | None, user: User) -> bool:
    standing = standing_of(tables, viewer, user.id)
    return can_find_profile(
        blocked_by_owner=(user.id, viewer) in tables.blocks,
        blocks_owner=(viewer, user.id) in tables.blocks,
        suspended=is_suspended(tables, user.id),
        pending=user.is_pending,
        is_self=standing.is_self,
        moderates=standing.moderates,
    )
