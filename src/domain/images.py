"""Images: uploads, their renditions, and their descriptions."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from domain.blobs import BlobKey
from domain.captions import AltText, ModelTags, Suggestion, alt_text_from
from domain.errors import Forbidden, Invalid, NotFound, TooLarge, Unsupported
from domain.ids import ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.understanding import Task, Understanding
from domain.vision import Label, Verdict
from domain.vision.duplicates import Duplicate, Fingerprint


class Size(StrEnum):
    """The sizes of the served renditions."""

    THUMB = "thumb"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def long_side(self) -> int:
        """Return the maximum length of the long side in pixels. Smaller images are never enlarged."""
        return {Size.THUMB: 320, Size.MEDIUM: 1080, Size.LARGE: 2048}[self]


@dataclass(frozen=True, slots=True)
class Rendition:
    """One served size: upright, sRGB (the large one may be Display P3), without metadata."""

    key: BlobKey
    content_type: str


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A rendition to serve. A `public` file may be stored by shared caches."""

    rendition: Rendition
    public: bool


UNPOSTED_RETENTION = timedelta(days=7)
"""How long an upload that is in no post is kept."""
AVATAR_SIZES = (Size.THUMB, Size.MEDIUM)
"""The sizes of a private account's avatar that are public, unless a post makes more of it visible."""


@dataclass(frozen=True, slots=True)
class Image:
    """An upload. `width` and `height` are pixels of the upright image. `content_type` is that of the upload. `original`
    holds its bytes up to the end of the image (never served). `placeholder` is a thumbhash in base64. `labels` are the
    displayed ones, best first. `model_tags` are those of the caption writer. `duplicates` are those that the owner may
    see; only the owner sees them. No address serves the renditions of a `quarantined` image: it matches a list of known
    images, or is not screened yet."""

    id: ImageId
    owner_id: UserId
    original: BlobKey
    width: int
    height: int
    content_type: str
    renditions: Mapping[Size, Rendition]
    placeholder: str
    created_at: datetime
    fingerprint: Fingerprint | None = None
    post_id: PostId | None = None
    alt_text: AltText | None = None
    suggestion: Suggestion | None = None
    model_tags: ModelTags | None = None
    labels: tuple[Label, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    understanding: Mapping[Task, Understanding] = field(default_factory=dict)
    quarantined: bool = False

    def with_alt_text(self, text: str | None, *, based_on_suggestion: bool = False) -> "Image":
        """Return the image with the owner's alt text (None removes it). Either way the suggestion is answered."""
        alt_text = (
            None if text is None else alt_text_from(text, self.suggestion, based_on_suggestion=based_on_suggestion)
        )
        return replace(self, alt_text=alt_text, suggestion=None)

    @property
    def public_labels(self) -> tuple[Label, ...]:
        """Return the labels that everybody sees. Labels that the owner marked as wrong are left out."""
        return tuple(label for label in self.labels if label.verdict is not Verdict.WRONG)

    def redact_for(self, viewer: UserId | None) -> "Image":
        """Return the image as the viewer may see it. Only the owner sees suggestions, duplicates, errors, wrong labels,
        and identifiers of equal bytes."""
        if viewer == self.owner_id:
            return replace(self, understanding={task: row.for_owner() for task, row in self.understanding.items()})
        public: dict[str, Any] = {
            "fingerprint": None,
            "suggestion": None,
            "model_tags": None,
            "labels": self.public_labels,
            "duplicates": (),
            "understanding": {task: row.without_error() for task, row in self.understanding.items()},
        }
        if all(getattr(self, name) == value for name, value in public.items()):
            return self  # as most images of a page: nothing is to be hidden
        return replace(self, **public)

    def without_suggestion(self) -> "Image":
        return replace(self, suggestion=None)


class ImageTooLarge(TooLarge):
    code = "image_too_large"


class UnsupportedImage(Unsupported):
    code = "unsupported_image"


class BrokenImage(Invalid):
    """The image is truncated, empty or cannot be decoded for another reason."""

    code = "broken_image"


class TooManyPixels(Invalid):
    code = "too_many_pixels"


class ImageNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("image not found; it may have been deleted, or it is in no post and not yours")


class Images(Protocol):
    """The images of a unit of work."""

    @abstractmethod
    async def add(self, image: Image) -> None:
        """Store a new image: its row, its renditions and its understanding tasks. Duplicates are stored through
        `Duplicates`. Raises `UserNotFound` when the owner's account was deleted meanwhile."""

    @abstractmethod
    async def get_all(self, image_ids: Sequence[ImageId]) -> Mapping[ImageId, Image]:
        """Return the present ones among these images. Neither they nor their posts change until the unit of work
        ends."""

    @abstractmethod
    async def get(self, image_id: ImageId) -> Image | None:
        """Return the image; None when absent. Neither the image nor its post changes until the unit of work ends."""

    @abstractmethod
    async def is_owned(self, image_id: ImageId, owner_id: UserId) -> bool:
        """Whether this user owns the image. It then exists until the unit of work ends."""

    @abstractmethod
    async def attach(self, image_ids: Sequence[ImageId], owner_id: UserId, post_id: PostId) -> None:
        """Attach all these images to a post, in this order. A quarantined one hides the post. Atomic under
        concurrency. Raises the errors of `require_attachable`, without a change."""

    @abstractmethod
    async def save_description(self, image: Image) -> None:
        """Store the alt text, the suggestion and the writer's tags of `image`."""

    @abstractmethod
    async def save_labels(self, labels: Mapping[ImageId, Sequence[Label]]) -> None:
        """Replace the displayed labels of these images. The owners' verdicts are kept by label key and apply to the new
        labels. Has no effect on absent images."""

    @abstractmethod
    async def save_verdict(self, image_id: ImageId, label: Label, verdict: Verdict) -> None:
        """Store the owner's verdict on a label for the lifetime of the image. It replaces an earlier one. Has no effect
        on an absent image."""

    @abstractmethod
    async def delete(self, image_id: ImageId) -> None:
        """Delete an image that is in no post; an avatar is reset. Raises the errors of `require_deletable`."""

    @abstractmethod
    async def delete_from_post(self, image_id: ImageId) -> None:
        """Delete an image also from its post. Idempotent."""

    @abstractmethod
    async def delete_unposted(self, before: datetime, limit: int) -> int:
        """Delete images uploaded before `before`, in no post and nobody's avatar, oldest first. Quarantined ones wait
        for a moderator. Return their number."""


class ImageReader(Protocol):
    """Images visible to a viewer. Reads run outside any unit of work and show every acknowledged write."""

    @abstractmethod
    async def by_id(self, image_id: ImageId, viewer: UserId | None) -> Image | None:
        """Return the image as the viewer may see it, or None. The viewer may see their own images, those in visible
        posts, and the avatars of public accounts."""

    @abstractmethod
    async def file(self, image_id: ImageId, size: Size, viewer: UserId | None) -> ImageFile | None:
        """Return a rendition of an image that the viewer may see, or of an avatar in one of `AVATAR_SIZES`; else
        None. Nobody receives that of a quarantined image."""

    @abstractmethod
    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        """Return all uploads of a user, newest first, posted or not."""

    @abstractmethod
    async def by_original(self, owner_id: UserId, original: BlobKey) -> Sequence[Image]:
        """Return a user's uploads of exactly these bytes, oldest first."""


async def require_image(image_reader: ImageReader, image_id: ImageId, viewer: UserId | None) -> Image:
    """Return the image if the viewer may see it. Raises `ImageNotFound`."""
    image = await image_reader.by_id(image_id, viewer)
    if image is None:
        raise ImageNotFound
    return image


async def require_own_image(image_reader: ImageReader, image_id: ImageId, owner_id: UserId) -> Image:
    """Return the image of this owner. Raises `Forbidden` for another user's image that the caller may see, otherwise
    `ImageNotFound`."""
    image = await require_image(image_reader, image_id, owner_id)
    if image.owner_id != owner_id:
        raise Forbidden("the image belongs to another user; only its owner may change it, its labels or its analysis")
    return image
