from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from adapters.postgres.errors import translate_errors
from adapters.postgres.rows import comment_of
from adapters.postgres.tables import comments, posts, users
from domain.comments import Comment, Comments
from domain.ids import CommentId


class PostgresComments(Comments):
    def __init__(self, core: AsyncConnection) -> None:
        self._core = core

    async def add(self, comment: Comment) -> None:
        row = {
            "id": comment.id,
            "post_id": comment.post_id,
            "author_id": comment.author_id,
            "text": comment.text,
            "created_at": comment.created_at,
        }
        author = select(users.c.suspended_until).where(users.c.id == comment.author_id)
        with translate_errors():
            # The lock waits for a suspension of the author, which hides the comment too.
            until = await self._core.scalar(author.with_for_update(read=True, key_share=True))
            await self._core.execute(insert(comments).values(row | {"hidden_until": until}))
        counted = posts.c.comment_count + 1  # `domain.counters.count_comment`
        await self._core.execute(update(posts).where(posts.c.id == comment.post_id).values(comment_count=counted))

    async def get(self, comment_id: CommentId) -> Comment | None:
        row = (await self._core.execute(select(comments).where(comments.c.id == comment_id))).one_or_none()
        return comment_of(row) if row else None

    async def delete(self, comment_id: CommentId) -> None:
        # Lock the post first, as the deletion of a post does. The reverse order could deadlock.
        its_post = select(comments.c.post_id).where(comments.c.id == comment_id).scalar_subquery()
        await self._core.execute(select(posts.c.id).where(posts.c.id == its_post).with_for_update(key_share=True))
        gone = delete(comments).where(comments.c.id == comment_id).returning(comments.c.post_id)
        post_id = (await self._core.execute(gone)).scalar_one_or_none()
        counted = posts.c.comment_count - 1
        await self._core.execute(update(posts).where(posts.c.id == post_id).values(comment_count=counted))
