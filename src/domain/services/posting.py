"""Posting: publishing pictures with words, changing the words, taking it all down."""

from dataclasses import replace

from domain.clock import Clock
from domain.errors import Forbidden, NotFound
from domain.ids import Ids, ImageId, PostId, UserId
from domain.images import ImageInUse
from domain.limits import Limits
from domain.post_views import PostReader, PostView
from domain.posts import NewPost, Post, PostNotFound, Visibility
from domain.text import validate_text
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory


class Posting:
    def __init__(
        self, begin: UnitOfWorkFactory, post_reader: PostReader, clock: Clock, ids: Ids, limits: Limits
    ) -> None:
        self._begin = begin
        self._post_reader = post_reader
        self._clock = clock
        self._ids = ids
        self._limits = limits

    async def publish(
        self,
        author_id: UserId,
        text: str,
        image_ids: tuple[ImageId, ...],
        visibility: Visibility = Visibility.PUBLIC,
    ) -> PostView:
        """Publish one's own images, each of which stands in no post yet, for everybody or for followers alone.

        Raises `Invalid` for the words or the number of images, `NotFound` for an image that is not the author's,
        `ImageInUse` for one that stands in a post.
        """
        draft = NewPost(text, image_ids, self._limits)
        post = Post(PostId(self._ids.new()), author_id, draft.text, draft.image_ids, self._clock.now(), visibility)
        async with self._begin() as uow:
            await uow.posts.add(post)
            if not await uow.images.attach(post.image_ids, author_id, post.id):
                await self._raise_unusable_image(uow, post)
            await uow.search_index.refresh(post.id)
            await uow.commit()
        return await self._view(post.id, author_id)

    async def _raise_unusable_image(self, uow: UnitOfWork, post: Post) -> None:
        """Say which image stands in the way."""
        for image_id in post.image_ids:
            image = await uow.images.get(image_id)
            if image is None or image.owner_id != post.author_id:
                raise NotFound(
                    f"there is no image {image_id} among yours; upload it first",
                    field="image_ids",
                    actual=str(image_id),
                )
            if image.post_id is not None:
                raise ImageInUse(
                    f"image {image_id} already stands in post {image.post_id}; upload it again to post it again",
                    field="image_ids",
                    actual=str(image_id),
                    post_id=str(image.post_id),
                )

    async def edit(
        self, post_id: PostId, author_id: UserId, text: str | None = None, visibility: Visibility | None = None
    ) -> PostView:
        """Change the words, who may see it, or both; None leaves it as it is. Raises `PostNotFound`, `Forbidden`,
        `Invalid`."""
        if text is not None:
            validate_text("text", text, max_length=self._limits.max_text)
        await self._require_author(post_id, author_id)
        async with self._begin() as uow:
            post = await uow.posts.get(post_id)
            if post is None:
                raise PostNotFound
            await uow.posts.save(self._apply_edit(post, text, visibility))
            await uow.search_index.refresh(post_id)
            await uow.commit()
        return await self._view(post_id, author_id)

    def _apply_edit(self, post: Post, text: str | None, visibility: Visibility | None) -> Post:
        """Whom it is shown to is no edit that readers are told of."""
        shown = replace(post, visibility=visibility or post.visibility)
        return shown if text is None else replace(shown, text=text, edited_at=self._clock.now())

    async def delete(self, post_id: PostId, author_id: UserId) -> None:
        """Take the post down with its likes, comments and images. Raises `PostNotFound`, `Forbidden`."""
        await self._require_author(post_id, author_id)
        async with self._begin() as uow:
            await uow.posts.delete(post_id)
            await uow.commit()

    async def _require_author(self, post_id: PostId, author_id: UserId) -> None:
        view = await self._view(post_id, author_id)
        if view.post.author_id != author_id:
            raise Forbidden("the post belongs to somebody else; only its author may change it")

    async def _view(self, post_id: PostId, viewer: UserId) -> PostView:
        view = await self._post_reader.by_id(post_id, viewer)
        if view is None:
            raise PostNotFound
        return view
