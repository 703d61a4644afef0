from collections.abc import Iterable

from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, can_see, is_in_home_feed, is_listed_publicly
from domain.ids import PostId, UserId
from domain.pages import Page, PageRequest
from domain.post_views import PostReader, PostView
from domain.posts import Post


class MemoryPostReader(PostReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def by_id(self, post_id: PostId, viewer: UserId | None) -> PostView | None:
        tables = self._store.committed
        post = tables.posts.get(post_id)
        return Views(tables, viewer).post(post) if post is not None and can_see(tables, viewer, post) else None

    async def newest(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        tables = self._store.committed
        posts = (post for post in tables.posts.values() if is_listed_publicly(tables, viewer, post))
        return self._newest_first(posts, viewer, page)

    async def of_author(self, author: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        posts = self._store.committed.posts.values()
        return self._newest_first((post for post in posts if post.author_id == author), viewer, page)

    async def liked_by(self, user: UserId, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        tables = self._store.committed
        entries = [
            Entry(tables.posts[post_id], post_id, liked_at.timestamp())
            for (post_id, liker), liked_at in tables.likes.items()
            if liker == user and can_see(tables, viewer, tables.posts[post_id])
        ]
        return highest_first(entries, page, Views(tables, viewer).post)

    async def home(self, viewer: UserId, page: PageRequest) -> Page[PostView]:
        tables = self._store.committed
        posts = (post for post in tables.posts.values() if is_in_home_feed(tables, viewer, post))
        return self._newest_first(posts, viewer, page)

    def _newest_first(self, posts: Iterable[Post], viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        tables = self._store.committed
        entries = [Entry(post, post.id) for post in posts if can_see(tables, viewer, post)]
        return highest_first(entries, page, Views(tables, viewer).post)
