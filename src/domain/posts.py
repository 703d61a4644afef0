"""Posts: a few pictures and the words beside them."""

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
    """`image_ids` stand in the order given by the author; counts are exact and the same for every viewer. `visibility`
    is what the author chose; a private account shows its posts to followers alone whatever it says."""

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
    """A post before it is one. Raises `Invalid` naming every fault at once."""

    text: str
    image_ids: tuple[ImageId, ...]
    limits: Limits

    def __post_init__(self) -> None:
        count = len(self.image_ids)
        require_image_limit(count, self.limits)
        faults = (
            text_error("text", self.text, max_length=self.limits.max_text),
            FieldError("image_ids", "too_few", "holds no image; a post has at least one", 1, 0) if not count else None,
            FieldError("image_ids", "repeated", "names an image twice; name each once", count, len(set(self.image_ids)))
            if len(set(self.image_ids)) < count
            else None,
        )
        if errors := tuple(error for error in faults if error):
            raise Invalid.of(*errors)


class TooManyImages(Invalid):
    code = "too_many_images"


def require_image_limit(count: int, limits: Limits) -> None:
    """Raises `TooManyImages` if a post does not hold so many."""
    most = limits.max_images_per_post
    if count > most:
        raise TooManyImages(
            f"a post holds at most {most} images, not {count}; publish the others in a second post",
            field="image_ids",
            limit=most,
            actual=count,
        )


class PostNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("there is no such post; it may have been deleted")


class Posts(Protocol):
    """The posts of a unit of work. The author's `posts_count` moves with the row."""

    @abstractmethod
    async def add(self, post: Post) -> None:
        """Store a new post; its images are attached through `Images.attach`. Raises `UserNotFound` when the author has
        just gone."""

    @abstractmethod
    async def get(self, post_id: PostId) -> Post | None:
        """The post, locked against concurrent change until the unit of work ends; None when absent."""

    @abstractmethod
    async def save(self, post: Post) -> None:
        """Store text, visibility and edited_at as they stand on `post`; counts are not written."""

    @abstractmethod
    async def delete(self, post_id: PostId) -> None:
        """Remove the post with its likes, comments and images; idempotent."""
