from collections.abc import Sequence

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import is_limited
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, is_discoverable, is_person_listed
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.profiles import Profile
from domain.search import MAX_SEARCHED_POSTS, SearchHit, SearchReader, name_key
from domain.users import User


class MemorySearchReader(SearchReader):
    def __init__(self, store: MemoryStore, newest: int = MAX_SEARCHED_POSTS) -> None:
        self._store = store
        self._newest = newest

    async def posts(self, query: Sequence[str], viewer: UserId | None, page: PageRequest) -> Page[SearchHit]:
        tables = self._store.committed
        views = Views(tables, viewer)
        hits = [
            Entry((tables.posts[post_id], score), post_id, score)
            for post_id, document in tables.documents.items()
            if (score := document.score(query)) is not None and is_discoverable(tables, viewer, tables.posts[post_id])
        ]
        hits = sorted(hits, key=lambda entry: entry.id, reverse=True)[: self._newest]
        return highest_first(hits, page, lambda row: SearchHit.of(views.post(row[0]), query, row[1]))

    async def unindexed_posts(self, after: PostId | None, limit: int) -> Sequence[PostId]:
        tables = self._store.committed
        left = sorted(tables.posts.keys() - tables.documents.keys())
        return [post_id for post_id in left if after is None or post_id > after][:limit]

    async def unindexed_people(self, after: UserId | None, limit: int) -> Sequence[UserId]:  # noqa: ARG002
        return []

    async def people(self, prefix: str, viewer: UserId | None, limit: int) -> Sequence[Profile]:
        tables = self._store.committed
        users = [
            user
            for user in tables.users.values()
            if user.username.startswith(prefix) or name_key(user.display_name).startswith(prefix)
            if is_person_listed(tables, viewer, user.id) and not is_limited(tables, user.id)
        ]

        def sort_key(user: User) -> tuple[bool, int, str]:
            return user.username != prefix, -user.followers_count, user.username

        return [Views(tables, viewer).profile(user) for user in sorted(users, key=sort_key)[:limit]]
