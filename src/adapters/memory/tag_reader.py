from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from adapters.memory.paging import Entry, highest_first
from adapters.memory.restrictions import restriction_of
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, audience, is_discoverable
from domain.ids import UserId
from domain.pages import Page, PageRequest
from domain.posts import Post, Visibility
from domain.search import TagSource
from domain.tags import MAX_COUNTED, REFERENCE_PERIOD, TODAY, TaggedPost, TagReader, TagUse


class MemoryTagReader(TagReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def posts(self, tag: str, viewer: UserId | None, page: PageRequest) -> Page[TaggedPost]:
        tables = self._store.committed
        views = Views(tables, viewer)
        entries = [
            Entry((tables.posts[post_id], document.tags[tag]), post_id)
            for post_id, document in tables.documents.items()
            if tag in document.tags and is_discoverable(tables, viewer, tables.posts[post_id])
        ]
        return highest_first(entries, page, lambda row: TaggedPost(views.post(row[0]), row[1]))

    async def recent_uses(self, now: datetime) -> Sequence[TagUse]:
        today: dict[str, set[UserId]] = {}
        before: dict[str, set[UserId]] = {}
        sources: dict[str, set[TagSource]] = {}
        for tag, post, said_by in self._public_tags():
            if post.created_at >= now - TODAY:
                today.setdefault(tag, set()).add(post.author_id)
                sources.setdefault(tag, set()).update(said_by)
            elif post.created_at >= now - TODAY - REFERENCE_PERIOD:
                before.setdefault(tag, set()).add(post.author_id)
        return [
            TagUse(tag, len(people), len(before.get(tag, ())), frozenset(sources[tag])) for tag, people in today.items()
        ]

    async def counts(self, tags: Sequence[str]) -> Sequence[int]:
        public = [tag for tag, _, _ in self._public_tags()]
        return [min(MAX_COUNTED, public.count(tag)) for tag in tags]

    async def spellings(self, tags: Sequence[str]) -> Sequence[str]:
        return [self._spelling(tag) for tag in tags]

    def _spelling(self, tag: str) -> str:
        documents = self._store.committed.documents
        public = sorted(post.id for one, post, _ in self._public_tags() if one == tag)
        typed = Counter(documents[post_id].typed_tags.get(tag) for post_id in public[:MAX_COUNTED])
        del typed[None]
        return max(typed, key=lambda spelling: typed[spelling] if spelling else 0, default=None) or tag

    def _public_tags(self) -> Iterator[tuple[str, Post, frozenset[TagSource]]]:
        tables = self._store.committed
        for post_id, document in tables.documents.items():
            post = tables.posts[post_id]
            if audience(tables, post) is Visibility.PUBLIC and not restriction_of(tables, post).limited:
                yield from ((tag, post, said_by) for tag, said_by in document.tags.items())
