from adapters.memory.paging import Entry, highest_first, lowest_first
from adapters.memory.store import MemoryStore
from adapters.memory.views import Views, can_see, can_see_comment
from domain.comments import Comment, CommentReader, CommentView
from domain.ids import CommentId, PostId, UserId
from domain.pages import Page, PageRequest


class MemoryCommentReader(CommentReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_post(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        tables = self._store.committed
        post = tables.posts.get(post_id)
        if post is None or not can_see(tables, viewer, post):
            return Page(())
        entries = [
            Entry(comment, comment.id)
            for comment in tables.comments.values()
            if comment.post_id == post_id and can_see_comment(tables, viewer, comment)
        ]
        return lowest_first(entries, page, Views(tables, viewer).comment)

    async def of_author(self, author_id: UserId, page: PageRequest) -> Page[Comment]:
        comments = self._store.committed.comments.values()
        entries = [Entry(comment, comment.id) for comment in comments if comment.author_id == author_id]
        return highest_first(entries, page, lambda comment: comment)

    async def by_id(self, comment_id: CommentId, viewer: UserId | None) -> CommentView | None:
        tables = self._store.committed
        comment = tables.comments.get(comment_id)
        if comment is None or not can_see_comment(tables, viewer, comment):
            return None
        if not can_see(tables, viewer, tables.posts[comment.post_id]):
            return None
        return Views(tables, viewer).comment(comment)
