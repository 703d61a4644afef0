"""Import of an archive: its posts with their dates, then the profile and the relations of the account.

The ids of everything follow from the account and the archive. A repeated import therefore finds what an earlier one has
finished, and continues after an interruption at any point.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from domain.archives import (
    ArchivedImage,
    ArchivedPost,
    ArchiveKind,
    ImageOpener,
    date_error,
    restored_id,
    split_images,
    split_text,
    usable_warning,
)
from domain.clock import Clock
from domain.comments import Comment
from domain.errors import Invalid, NotFound, TooLarge, Unsupported
from domain.ids import CommentId, ImageId, PostId, UserId, dated_id, id_time
from domain.image_origin import ImageOrigin
from domain.image_processing import ImageProcessor
from domain.images import ImageReader
from domain.limits import Limits
from domain.post_views import PostReader
from domain.posts import Post
from domain.services.commenting import Commenting
from domain.services.posting import Posting
from domain.services.uploading import Uploading
from domain.text import without_unstorable


class Outcome(StrEnum):
    IMPORTED = "imported"
    EXISTING = "existing"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PostResult:
    """The result for one post of an archive. `remarks` state what was left out or changed; for a skipped post, why."""

    outcome: Outcome
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """Where an archive goes. With `dry_run` nothing is stored."""

    owner_id: UserId
    kind: ArchiveKind
    open_image: ImageOpener
    dry_run: bool = False

    def image_id(self, image: ArchivedImage, post: ArchivedPost) -> ImageId:
        if image.archived_id is not None:
            return ImageId(restored_id(self.owner_id, image.archived_id))
        return ImageId(dated_id(f"{self.owner_id}/{self.kind}/image/{image.key}", post.published, post.place))

    def post_id(self, post: ArchivedPost) -> PostId:
        if post.archived_id is not None:
            return PostId(restored_id(self.owner_id, post.archived_id))
        return PostId(dated_id(f"{self.owner_id}/{self.kind}/{post.key}", post.published, post.place))


class ArchiveImporting:
    def __init__(
        self,
        uploading: Uploading,
        posting: Posting,
        commenting: Commenting,
        processor: ImageProcessor,
        post_reader: PostReader,
        image_reader: ImageReader,
        clock: Clock,
        limits: Limits,
    ) -> None:
        self._uploading = uploading
        self._posting = posting
        self._commenting = commenting
        self._processor = processor
        self._post_reader = post_reader
        self._image_reader = image_reader
        self._clock = clock
        self._limits = limits

    async def import_post(self, account: Account, post: ArchivedPost) -> PostResult:
        """Publish a post with its date and its images, unless an earlier import did. No follower is notified. Images
        that cannot be imported are left out. Raises `Unavailable` for what may succeed later, and `EmailUnverified`."""
        sorted_at = id_time(post.archived_id) if post.archived_id else post.published
        if reason := date_error(self._clock.now(), post.published, sorted_at):
            return PostResult(Outcome.SKIPPED, (reason,))
        text, comments = split_text(without_unstorable(post.text), self._limits)
        whole = replace(post, text=text, warning=usable_warning(post.warning))
        results = [await self._import_part(account, part) for part in split_images(whole, self._limits)]
        if comments and results[0].outcome is not Outcome.SKIPPED:
            remark = f"the text is longer than {self._limits.max_text:,} characters; the rest became comments"
            results[0] = replace(results[0], remarks=(*results[0].remarks, remark))
            await self._continue_text(account, whole, comments)
        return _merge(results)

    async def _import_part(self, account: Account, post: ArchivedPost) -> PostResult:
        post_id = account.post_id(post)
        if await self._post_reader.by_id(post_id, account.owner_id) is not None:
            return PostResult(Outcome.EXISTING)
        image_ids, remarks = await self.import_images(account, post)
        if not image_ids:
            return PostResult(Outcome.SKIPPED, (*remarks, "none of its images can be imported"))
        if not account.dry_run:
            await self._posting.restore(_new_post(post_id, account.owner_id, post, image_ids), post.visibility)
        return PostResult(Outcome.IMPORTED, (*post.remarks, *remarks))

    async def import_images(self, account: Account, post: ArchivedPost) -> tuple[tuple[ImageId, ...], tuple[str, ...]]:
        """Upload the images of a post. Return their ids, and why others were left out."""
        image_ids: list[ImageId] = []
        remarks: list[str] = []
        for image in post.images:
            image_id = account.image_id(image, post)
            try:
                await self._import_image(account, image, post, image_id)
            except (Invalid, NotFound, TooLarge, Unsupported) as error:
                remarks.append(f"{image.file}: {error.detail}")
            else:
                image_ids.append(image_id)
        return tuple(image_ids), tuple(remarks)

    async def _import_image(
        self, account: Account, image: ArchivedImage, post: ArchivedPost, image_id: ImageId
    ) -> None:
        """Upload an image, unless an interrupted import did."""
        if await self._image_reader.by_id(image_id, account.owner_id) is not None:
            return
        content = await account.open_image(image)
        if account.dry_run:
            await self._processor.prepare(content)
            return
        origin = ImageOrigin(
            image_id,
            image.created_at or post.published,
            image.alt_text,
            image.suggestion,
            image.model_tags,
            image.labels,
            image.captioned_by,
        )
        await self._uploading.upload(account.owner_id, content, exempt=True, origin=origin)

    async def _continue_text(self, account: Account, post: ArchivedPost, texts: tuple[str, ...]) -> None:
        """Add the rest of a long text as comments of the author."""
        if account.dry_run:
            return
        post_id, at = account.post_id(post), post.published
        for place, text in enumerate(texts):
            comment_id = CommentId(dated_id(f"{post_id}/text/{place}", at, place))
            await self._commenting.restore(Comment(comment_id, post_id, account.owner_id, text, post.published))


def _new_post(post_id: PostId, owner_id: UserId, post: ArchivedPost, image_ids: tuple[ImageId, ...]) -> Post:
    return Post(
        post_id,
        owner_id,
        post.text,
        image_ids,
        post.published,
        sensitive=post.sensitive or post.warning is not None,
        warning=post.warning,
        edited_at=post.edited_at,
    )


def _merge(results: list[PostResult]) -> PostResult:
    """Return the result of a post from those of its parts: imported if one was, else existing if one was."""
    outcomes = {result.outcome for result in results}
    outcome = next(kind for kind in Outcome if kind in outcomes)
    return PostResult(outcome, tuple(remark for result in results for remark in result.remarks))
