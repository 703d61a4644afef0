from datetime import datetime

from adapters.memory.paging import Entry, ranked
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views
from domain.feeds import PostView
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.posts import Post, Visibility
from domain.ranking import Rankings, trending_key


class MemoryRankings(Rankings):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def most_liked(self, viewer: UserId | None, since: datetime | None, page: PageRequest) -> Page[PostView]:
        entries = [
            Entry(post, post.id, float(post.like_count))
            for post in self._public()
            if since is None or post.created_at >= since
        ]
        return ranked(entries, page, Views(self._store.committed, viewer).post)

    async def trending(self, viewer: UserId | None, page: PageRequest) -> Page[PostView]:
        entries = [Entry(post, post.id, trending_key(post.like_count, post.created_at)) for post in self._public()]
        return ranked(entries, page, Views(self._store.committed, viewer).post)

    def _public(self) -> list[Post]:
        posts = self._store.committed.posts.values()
        return [post for post in posts if post.visibility is Visibility.PUBLIC]
