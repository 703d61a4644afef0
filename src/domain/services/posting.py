"""Publishing, editing and deletion of posts."""

from dataclasses import replace

from domain.clock import Clock
from domain.decisions import hold
from domain.effects import Target, TargetKind
from domain.errors import Forbidden
from domain.ids import DecisionId, Ids, ImageId, PostId, ReportGroupId, ReportId, UserId
from domain.limits import Limits
from domain.post_views import PostReader, PostView
from domain.posts import EmailUnverified, NewPost, Post, PostChanges, PostNotFound, Visibility
from domain.reports import Reason, Report, needs_review
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory
from domain.users import UserNotFound


class Posting:
    def __init__(
        self,
        begin: UnitOfWorkFactory,
        post_reader: PostReader,
        clock: Clock,
        ids: Ids,
        limits: Limits,
        *,
        requires_verified_email: bool,
    ) -> None:
        self._begin = begin
        self._post_reader = post_reader
        self._clock = clock
        self._ids = ids
        self._limits = limits
        self._requires_verified_email = requires_verified_email

    async def publish(
        self,
        author_id: UserId,
        text: str,
        image_ids: tuple[ImageId, ...],
        visibility: Visibility | None = None,
        *,
        sensitive: bool = False,
        warning: str | None = None,
    ) -> PostView:
        """Publish the author's own images, none of which is in a post yet, to everybody or to followers only; by
        default as the account states. A post of a new account may be hidden until a moderator approves it.

        Raises `Invalid` for the text or the number of images, `NotFound` for an image that is not the author's,
        `ImageInUse` for one that is already in a post. Where the operator requires it, `EmailUnverified`.
        """
        new_post = NewPost(text, image_ids, self._limits, warning)
        post = Post(
            PostId(self._ids.new()),
            author_id,
            new_post.text,
            new_post.image_ids,
            self._clock.now(),
            sensitive=sensitive or warning is not None,
            warning=new_post.warning,
        )
        return await self._publish(post, visibility)

    async def restore(self, post: Post, visibility: Visibility | None = None) -> PostView:
        """Publish a post of an archive, which brings its id and its dates. Everything else is as in `publish`."""
        NewPost(post.text, post.image_ids, self._limits, post.warning)
        return await self._publish(post, visibility)

    async def _publish(self, post: Post, visibility: Visibility | None) -> PostView:
        async with self._begin() as uow:
            if self._requires_verified_email:
                await _refuse_unverified(uow, post.author_id)
            is_known = visibility is not None and not self._limits.review_first_posts
            author = None if is_known else await uow.users.get(post.author_id)
            chosen = visibility or (author.default_visibility if author else post.visibility)
            post = replace(post, visibility=chosen)
            await uow.posts.add(post)
            await uow.images.attach(post.image_ids, post.author_id, post.id)
            await _mark_by_answers(uow, post)
            await uow.search_index.refresh(post.id)
            if author is not None and needs_review(author, self._limits):
                await self._hold_for_review(uow, post)
            await uow.commit()
        return await self._view(post.id, post.author_id)

    async def _hold_for_review(self, uow: UnitOfWork, post: Post) -> None:
        """Hide the post until a moderator decides, and put it into the queue."""
        now, target = self._clock.now(), Target(TargetKind.POST, post.id)
        decision = hold(DecisionId(self._ids.new()), target, post.author_id, now)
        report = Report(ReportId(self._ids.new()), target, post.author_id, None, Reason.REVIEW, "", now)
        await uow.decisions.add(decision)
        await uow.reports.add(report, ReportGroupId(self._ids.new()))

    async def edit(
        self, post_id: PostId, author_id: UserId, text: str | None = None, visibility: Visibility | None = None
    ) -> PostView:
        """Change the text, the visibility, or both; None leaves a value unchanged. Raises `PostNotFound`, `Forbidden`,
        `Invalid`."""
        return await self.change(post_id, author_id, PostChanges(self._limits, text, visibility))

    async def change(self, post_id: PostId, author_id: UserId, changes: PostChanges) -> PostView:
        """Change a post. Raises `PostNotFound`, `Forbidden`."""
        await self._require_author(post_id, author_id)
        async with self._begin() as uow:
            post = await uow.posts.get(post_id)
            if post is None:
                raise PostNotFound
            await uow.posts.save(changes.apply(post, self._clock.now()))
            await uow.search_index.refresh(post_id)
            await uow.commit()
        return await self._view(post_id, author_id)

    async def delete(self, post_id: PostId, author_id: UserId) -> None:
        """Delete the post with its likes, comments and images. Raises `PostNotFound`, `Forbidden`."""
        await self._require_author(post_id, author_id)
        async with self._begin() as uow:
            await uow.posts.delete(post_id)
            await uow.commit()

    async def _require_author(self, post_id: PostId, author_id: UserId) -> None:
        view = await self._view(post_id, author_id)
        if view.post.author_id != author_id:
            raise Forbidden("the post belongs to another user; only its author may change it")

    async def _view(self, post_id: PostId, viewer: UserId) -> PostView:
        view = await self._post_reader.by_id(post_id, viewer)
        if view is None:
            raise PostNotFound
        return view


async def _mark_by_answers(uow: UnitOfWork, post: Post) -> None:
    """Mark the post as sensitive if the author called one of its images so before."""
    if not post.sensitive and await uow.sensitivity_scores.is_any_sensitive(post.image_ids):
        await uow.posts.save(replace(post, sensitive=True))


async def _refuse_unverified(uow: UnitOfWork, author_id: UserId) -> None:
    author = await uow.users.get(author_id)
    if author is None:
        raise UserNotFound
    if not author.email_verified:
        raise EmailUnverified
