"""Reviewing: what a moderator needs to know before a decision."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.comments import CommentReader, CommentView
from domain.decisions import Decision, DecisionReader
from domain.effects import TargetKind
from domain.ids import CommentId, ImageId, PostId, UserId
from domain.images import Image, ImageReader
from domain.pages import PageRequest
from domain.post_views import PostReader, PostView
from domain.profiles import Profile, UserReader
from domain.reports import ReportGroup
from domain.similarity import SimilarPost, SimilarPostReader

MAX_SIMILAR = 6
HISTORY = PageRequest(20)


@dataclass(frozen=True, slots=True)
class ReviewContext:
    """A group of reports with its target as the owner sees it (with labels and duplicates), similar posts, and the
    newest decisions about the user. The target is None where it is gone or of another kind."""

    group: ReportGroup
    user: Profile | None
    post: PostView | None
    comment: CommentView | None
    image: Image | None
    similar: Sequence[SimilarPost]
    history: Sequence[Decision]

    @property
    def images(self) -> Sequence[Image]:
        """Return the images of the target."""
        if self.post is not None:
            return self.post.images
        return (self.image,) if self.image else ()


class Reviewing:
    def __init__(
        self,
        post_reader: PostReader,
        comment_reader: CommentReader,
        image_reader: ImageReader,
        user_reader: UserReader,
        similar_post_reader: SimilarPostReader,
        decision_reader: DecisionReader,
    ) -> None:
        self._post_reader = post_reader
        self._comment_reader = comment_reader
        self._image_reader = image_reader
        self._user_reader = user_reader
        self._similar_post_reader = similar_post_reader
        self._decision_reader = decision_reader

    async def context(self, group: ReportGroup, moderator: UserId) -> ReviewContext:
        """Return the context of a group of reports. A report makes its target visible to moderators, whoever else may
        see it, so it is read as its owner sees it."""
        owner, target = group.user_id, group.target
        kind = target.kind
        post = await self._post_reader.by_id(PostId(target.id), owner) if kind is TargetKind.POST else None
        comment = await self._comment_reader.by_id(CommentId(target.id), owner) if kind is TargetKind.COMMENT else None
        image = await self._image_reader.by_id(ImageId(target.id), owner) if kind is TargetKind.IMAGE else None
        shown = post.images[0] if post and post.images else image
        return ReviewContext(
            group,
            await self._user_reader.by_id(owner, owner),
            post,
            comment,
            image,
            await self._similar(shown, moderator),
            (await self._decision_reader.about(owner, HISTORY)).items,
        )

    async def _similar(self, image: Image | None, moderator: UserId) -> Sequence[SimilarPost]:
        if image is None:
            return ()
        return (await self._similar_post_reader.of_image(image.id, moderator, MAX_SIMILAR)).posts
