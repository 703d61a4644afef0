"""Commenting: comments on posts."""

from domain.clock import Clock
from domain.comments import Comment, CommentNotFound, CommentReader, CommentView
from domain.errors import Forbidden
from domain.ids import CommentId, Ids, NotificationId, PostId, UserId
from domain.notifications import NotificationEvent, NotificationKind
from domain.pages import Page, PageRequest
from domain.post_views import PostReader
from domain.posts import Post, PostNotFound
from domain.unit_of_work import UnitOfWorkFactory


class Commenting:
    def __init__(
        self, begin: UnitOfWorkFactory, post_reader: PostReader, comment_reader: CommentReader, clock: Clock, ids: Ids
    ) -> None:
        self._begin = begin
        self._post_reader = post_reader
        self._comment_reader = comment_reader
        self._clock = clock
        self._ids = ids

    async def comment(self, post_id: PostId, author_id: UserId, text: str) -> CommentView:
        """Add a comment to a post. Raises `PostNotFound`, `Invalid`."""
        await self._require_visible(post_id, author_id)
        async with self._begin() as uow:
            post = await uow.posts.get(post_id)
            if post is None:
                raise PostNotFound
            # The id is created after the post was fetched, while no other unit of work can have it: ids of one post are
            # committed in order, so readers at the end of the list miss none.
            comment = Comment(CommentId(self._ids.new()), post_id, author_id, text, self._clock.now())
            await uow.comments.add(comment)
            event = self._new_event(comment, post)
            if not event.is_own_action:
                await uow.notifications.add(event)
            await uow.commit()
        return await self.get(comment.id, author_id)

    async def restore(self, comment: Comment) -> CommentView:
        """Add a comment of an archive, which brings its id and its date. Nobody is notified. Idempotent. Raises
        `PostNotFound`."""
        await self._require_visible(comment.post_id, comment.author_id)
        async with self._begin() as uow:
            if await uow.posts.get(comment.post_id) is None:
                raise PostNotFound
            if await uow.comments.get(comment.id) is None:
                await uow.comments.add(comment)
            await uow.commit()
        return await self.get(comment.id, comment.author_id)

    def _new_event(self, comment: Comment, post: Post) -> NotificationEvent:
        event_id = NotificationId(self._ids.new())
        at, by = comment.created_at, comment.author_id
        return NotificationEvent(event_id, post.author_id, NotificationKind.COMMENT, by, at, post.id, comment.id)

    async def of_post(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        """Return the comments of a post, oldest first. Raises `PostNotFound`."""
        await self._require_visible(post_id, viewer)
        return await self._comment_reader.of_post(post_id, viewer, page)

    async def delete(self, comment_id: CommentId, user_id: UserId) -> None:
        """Delete a comment. Its author and the post's author may do so, even if it is now hidden from them. Raises
        `CommentNotFound`, `Forbidden`."""
        async with self._begin() as uow:
            comment = await uow.comments.get(comment_id)
            post = await uow.posts.get(comment.post_id) if comment else None
            if comment and post and user_id in {comment.author_id, post.author_id}:
                await uow.comments.delete(comment_id)
                await uow.commit()
                return
        await self.get(comment_id, user_id)
        raise Forbidden("only the author of the comment or of the post may delete it")

    async def get(self, comment_id: CommentId, viewer: UserId) -> CommentView:
        """Return one comment if the viewer may see it. Raises `CommentNotFound`."""
        view = await self._comment_reader.by_id(comment_id, viewer)
        if view is None:
            raise CommentNotFound
        return view

    async def _require_visible(self, post_id: PostId, viewer: UserId | None) -> None:
        if await self._post_reader.by_id(post_id, viewer) is None:
            raise PostNotFound
