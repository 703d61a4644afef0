"""Posts: images with a text."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import FieldError, Invalid, NotFound
from domain.ids import ImageId, PostId, UserId
from domain.limits import Limits
from domain.text import text_error


class Visibility(StrEnum):
    PUBLIC = "public"
    FOLLOWERS = "followers"


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `image_ids` are in the author's order. Counts are exact and equal for every viewer. `visibility` is the
    author's choice; a private account shows all its posts to followers only."""

    id: PostId
    author_id: UserId
    text: str
    image_ids: tuple[ImageId, ...]
    created_at: datetime
    visibility: Visibility = Visibility.PUBLIC
    like_count: int = 0
    comment_count: int = 0
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """Validated input for a new post. Raises `Invalid` with every error at once."""

    text: str
    image_ids: tuple[ImageId, ...]
    limits: Limits

    def __post_init__(self) -> None:
        count = len(self.image_ids)
        require_image_limit(count, self.limits)
        faults = (
            text_error("text", self.text, max_length=self.limits.max_text),
            FieldError("image_ids", "too_few", "has no image; at least one is required", 1, 0) if not count else None,
            FieldError(
                "image_ids",
                "repeated",
                "contains an image twice; list each image once",
                count,
                len(set(self.image_ids)),
            )
            if len(set(self.image_ids)) < count
            else None,
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


class TooManyImages(Invalid):
    code = "too_many_images"


def require_image_limit(count: int, limits: Limits) -> None:
    """Raise `TooManyImages` if `count` exceeds the limit of a post."""
    most = limits.max_images_per_post
    if count > most:
        raise TooManyImages(
            f"a post has at most {most} images, not {count}; publish the others in a second post",
            field="image_ids",
            limit=most,
            actual=count,
        )


class PostNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("post not found; it may have been deleted")


class Posts(Protocol):
    """The posts of a unit of work. They update the author's `posts_count`."""

    @abstractmethod
    async def add(self, post: Post) -> None:
        """Store a new post. Its images are attached through `Images.attach`. Raises `UserNotFound` when the author's
        account was deleted meanwhile."""

    @abstractmethod
    async def get(self, post_id: PostId) -> Post | None:
        """Return the post; None when absent. Only one unit of work at a time has a post."""

    @abstractmethod
    async def save(self, post: Post) -> None:
        """Store text, visibility and edited_at of `post`. Counts are not written."""

    @abstractmethod
    async def delete(self, post_id: PostId) -> None:
        """Delete the post with its likes, comments and images; idempotent."""
