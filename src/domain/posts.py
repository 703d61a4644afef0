"""Posts: images with a text."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.errors import FieldError, Forbidden, Invalid, NotFound
from domain.ids import ImageId, PostId, UserId
from domain.limits import Limits
from domain.text import text_error

MAX_WARNING = 200


class Visibility(StrEnum):
    PUBLIC = "public"
    FOLLOWERS = "followers"


class SensitiveMedia(StrEnum):
    """How pages show the images of sensitive posts to a user: covered until uncovered, or at once."""

    BLUR = "blur"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `image_ids` are in the author's order. Counts are exact and equal for every viewer. `visibility` is the
    author's choice; a private account shows all its posts to followers only. `sensitive` images are covered until the
    reader uncovers them; `warning` says why. Both are the author's."""

    id: PostId
    author_id: UserId
    text: str
    image_ids: tuple[ImageId, ...]
    created_at: datetime
    visibility: Visibility = Visibility.PUBLIC
    like_count: int = 0
    comment_count: int = 0
    edited_at: datetime | None = None
    sensitive: bool = False
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class NewPost:
    """Validated input for a new post. Raises `Invalid` with every error at once."""

    text: str
    image_ids: tuple[ImageId, ...]
    limits: Limits
    warning: str | None = None

    def __post_init__(self) -> None:
        count = len(self.image_ids)
        require_image_limit(count, self.limits)
        faults = (
            text_error("text", self.text, max_length=self.limits.max_text),
            warning_error(self.warning),
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


def warning_error(warning: str | None) -> FieldError | None:
    """Return the error of a warning, or None."""
    return None if warning is None else text_error("warning", warning, min_length=1, max_length=MAX_WARNING)


@dataclass(frozen=True, slots=True)
class PostChanges:
    """Validated changes of a post; None leaves a field unchanged. Raises `Invalid`."""

    limits: Limits
    text: str | None = None
    visibility: Visibility | None = None
    sensitive: bool | None = None
    warning: str | None = None
    remove_warning: bool = False

    def __post_init__(self) -> None:
        too_long = None if self.text is None else text_error("text", self.text, max_length=self.limits.max_text)
        if errors := tuple(error for error in (too_long, warning_error(self.warning)) if error):
            raise Invalid.of(*errors)

    def apply(self, post: Post, now: datetime) -> Post:
        """Return the changed post. Only a change of the text is displayed as an edit."""
        return replace(
            post,
            text=post.text if self.text is None else self.text,
            visibility=self.visibility or post.visibility,
            sensitive=(post.sensitive or self.warning is not None) if self.sensitive is None else self.sensitive,
            warning=None if self.remove_warning else self.warning or post.warning,
            edited_at=post.edited_at if self.text is None else now,
        )


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


class EmailUnverified(Forbidden):
    code = "email_unverified"

    def __init__(self) -> None:
        super().__init__(
            "only users with a verified e-mail address may publish posts; use the link in the message that was sent to "
            "your address, or request a new one at POST /v1/email-proofs or on the settings page"
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
        """Store text, visibility, sensitive, warning and edited_at of `post`. Counts are not written."""

    @abstractmethod
    async def delete(self, post_id: PostId) -> None:
        """Delete the post with its likes, comments and images; idempotent. Quarantined images stay, in no post, until a
        moderator decides."""
