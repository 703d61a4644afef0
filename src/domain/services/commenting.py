"""Commenting: what people say under a post."""

from domain.clock import Clock
from domain.comments import Comment, CommentView, Threads
from domain.errors import Forbidden, NotFound
from domain.feeds import Feeds
from domain.ids import CommentId, Ids, NotificationId, PostId, UserId
from domain.notifications import Kind, Notice
from domain.pages import Page, PageRequest
from domain.posts import Post, PostNotFound
from domain.unit_of_work import Begin


class Commenting:
    def __init__(self, begin: Begin, feeds: Feeds, threads: Threads, clock: Clock, ids: Ids) -> None:
        self._begin = begin
        self._feeds = feeds
        self._threads = threads
        self._clock = clock
        self._ids = ids

    async def comment(self, post_id: PostId, author_id: UserId, text: str) -> CommentView:
        """Say something under a post. Raises `PostNotFound`, `Invalid`."""
        await self._visible(post_id, author_id)
        async with self._begin() as uow:
            post = await uow.posts.get(post_id)
            if post is None:
                raise PostNotFound
            # Minted while the post is locked, so that under one post ids are committed in their order and a reader
            # who has paged to the end misses none.
            comment = Comment(CommentId(self._ids.new()), post_id, author_id, text, self._clock.now())
            await uow.comments.add(comment)
            if author_id != post.author_id:
                await uow.notices.add(self._notice(comment, post))
            await uow.commit()
        return await self.one(comment.id, author_id)

    def _notice(self, comment: Comment, post: Post) -> Notice:
        notice_id = NotificationId(self._ids.new())
        at, by = comment.created_at, comment.author_id
        return Notice(notice_id, post.author_id, Kind.COMMENT, by, at, post.id, comment.id)

    async def under(self, post_id: PostId, viewer: UserId | None, page: PageRequest) -> Page[CommentView]:
        """The comments of a post, oldest first. Raises `PostNotFound`."""
        await self._visible(post_id, viewer)
        return await self._threads.under(post_id, viewer, page)

    async def delete(self, comment_id: CommentId, user_id: UserId) -> None:
        """Delete a comment: its author may, and the post's author, also one that is hidden from them by now. Raises
        `NotFound`, `Forbidden`."""
        async with self._begin() as uow:
            comment = await uow.comments.get(comment_id)
            post = await uow.posts.get(comment.post_id) if comment else None
            if comment and post and user_id in {comment.author_id, post.author_id}:
                await uow.comments.delete(comment_id)
                await uow.commit()
                return
        await self.one(comment_id, user_id)
        raise Forbidden("only who wrote the comment, or the post's author, may delete it")

    async def one(self, comment_id: CommentId, viewer: UserId) -> CommentView:
        """One comment, if this viewer may see it. Raises `NotFound`."""
        view = await self._threads.comment(comment_id, viewer)
        if view is None:
            raise NotFound("there is no such comment; it may have been deleted")
        return view

    async def _visible(self, post_id: PostId, viewer: UserId | None) -> None:
        if await self._feeds.post(post_id, viewer) is None:
            raise PostNotFound
