"""Images: what was uploaded, what is served of it, and what is known about it."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from domain.blobs import BlobKey
from domain.captions import AltText, ModelTags, Suggestion, alt_text_from
from domain.duplicates import Duplicate, Fingerprint
from domain.errors import Conflict, Invalid, TooLarge, Unsupported
from domain.ids import ImageId, PostId, UserId
from domain.pages import Page, PageRequest
from domain.understanding import Task, Understanding
from domain.vision import Label, Verdict


class Size(StrEnum):
    """The renditions that are served."""

    THUMB = "thumb"
    MEDIUM = "medium"
    LARGE = "large"

    @property
    def long_side(self) -> int:
        """Pixels on the long side at most; a smaller picture is never enlarged."""
        return {Size.THUMB: 320, Size.MEDIUM: 1080, Size.LARGE: 2048}[self]


@dataclass(frozen=True, slots=True)
class Rendition:
    """One served size: upright, sRGB (the large one may be Display P3), without metadata."""

    key: BlobKey
    content_type: str


@dataclass(frozen=True, slots=True)
class ImageFile:
    """What to serve: the rendition, and whether everybody may have it (so that caches on the way may keep it)."""

    rendition: Rendition
    public: bool


AVATAR_SIZES = (Size.THUMB, Size.MEDIUM)
"""All that everybody may have of a private account's avatar, unless a post shows more of it."""


@dataclass(frozen=True, slots=True)
class Image:
    """An upload. `width` and `height` are pixels of the upright picture, `content_type` that of the upload, `original`
    its bytes up to the end of the image (never served), `placeholder` a thumbhash in base64, `labels` those shown, best
    first. `said`: the tags that a caption writer said. `duplicates` are those that the owner may see, and for their
    eyes only."""

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

    def with_alt_text(self, text: str | None, *, based_on_suggestion: bool = False) -> "Image":
        """With the owner's alt text (None removes it); either way the suggestion has been answered."""
        alt_text = (
            None if text is None else alt_text_from(text, self.suggestion, based_on_suggestion=based_on_suggestion)
        )
        return replace(self, alt_text=alt_text, suggestion=None)

    @property
    def public_labels(self) -> tuple[Label, ...]:
        """Those that everybody sees: what the owner called wrong is for nobody else."""
        return tuple(label for label in self.labels if label.verdict is not Verdict.WRONG)

    def redact_for(self, viewer: UserId | None) -> "Image":
        """What the viewer may know of it. Only its owner knows of suggestions, duplicates, errors, wrong labels, and
        what finds the same bytes elsewhere."""
        if viewer == self.owner_id:
            return replace(self, understanding={task: row.for_owner() for task, row in self.understanding.items()})
        return replace(
            self,
            fingerprint=None,
            suggestion=None,
            model_tags=None,
            labels=self.public_labels,
            duplicates=(),
            understanding={task: replace(row, error=None) for task, row in self.understanding.items()},
        )

    def without_suggestion(self) -> "Image":
        return replace(self, suggestion=None)


@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Bytes of a rendition on their way to the blob store."""

    data: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class PreparedImage:
    """An upload after the pipeline; fields as in `Image`. `length`: the bytes of the upload that are the image; what
    follows them is not kept."""

    width: int
    height: int
    content_type: str
    renditions: Mapping[Size, EncodedImage]
    placeholder: str
    fingerprint: Fingerprint | None
    length: int


class ImageTooLarge(TooLarge):
    code = "image_too_large"


class UnsupportedImage(Unsupported):
    code = "unsupported_image"


class BrokenImage(Invalid):
    """Cut short, empty or otherwise not decodable."""

    code = "broken_image"


class TooManyPixels(Invalid):
    code = "too_many_pixels"


class ImageInUse(Conflict):
    code = "image_in_use"


class ImageProcessor(Protocol):
    @abstractmethod
    async def prepare(self, data: bytes) -> PreparedImage:
        """Sniff, check the limits before decoding, decode, turn upright, convert to sRGB, drop all metadata,
        and encode the three renditions (JPEG quality 85; WebP where there is alpha), the placeholder and the
        fingerprint.

        Formats by content: JPEG (MPO too), PNG, WebP, GIF and animations (first frame), AVIF, HEIC. Raises
        `ImageTooLarge` (over `Limits.max_upload_bytes`), `TooManyPixels`, `UnsupportedImage`, `BrokenImage`, and
        `Unavailable` when the queue is full.
        """


class Images(Protocol):
    """The images of a unit of work."""

    @abstractmethod
    async def add(self, image: Image) -> None:
        """Store a new image: its row, its renditions and its planned understanding. Raises `UserNotFound` when the
        owner has just gone. Its duplicates are noted through `Duplicates`."""

    @abstractmethod
    async def get(self, image_id: ImageId) -> Image | None:
        """The image, locked against concurrent change until the unit of work ends; None when absent."""

    @abstractmethod
    async def get_and_lock_post(self, image_id: ImageId) -> Image | None:
        """The same, for a caller who also changes by which words its post is found."""

    @abstractmethod
    async def get_to_delete(self, image_id: ImageId) -> Image | None:
        """The same, for a caller who then deletes it."""

    @abstractmethod
    async def attach(self, image_ids: Sequence[ImageId], owner_id: UserId, post_id: PostId) -> bool:
        """Put all these images, in this order, into a post; False (and no change) unless every one exists, is
        `owner_id`'s and stands in no post. Atomic against a concurrent attach."""

    @abstractmethod
    async def save_description(self, image: Image) -> None:
        """Store the alt text, the suggestion and the said tags as they stand on `image`."""

    @abstractmethod
    async def save_labels(self, image_id: ImageId, labels: Sequence[Label]) -> None:
        """Replace the shown labels; keeps nothing of the old ones but the owner's verdicts, which stay with their keys
        and are given to the new labels. No effect on an absent image."""

    @abstractmethod
    async def save_verdict(self, image_id: ImageId, label: Label, verdict: Verdict) -> None:
        """Keep the owner's verdict on a label of the image, in place of an earlier one, for as long as the image
        exists. No effect on an absent image."""

    @abstractmethod
    async def delete(self, image_id: ImageId) -> None:
        """Remove the image and its understanding; idempotent. Whoever wears it has no avatar then. Its blobs are left
        to the sweep."""

    @abstractmethod
    async def delete_unposted(self, before: datetime, limit: int) -> int:
        """Remove images that were uploaded before then, stand in no post and are nobody's avatar, the oldest first; how
        many. Images that somebody is changing are left for the next time."""


class ImageReader(Protocol):
    """Images as people may see them. Reads stand outside any unit of work and show every acknowledged write."""

    @abstractmethod
    async def by_id(self, image_id: ImageId, viewer: UserId | None) -> Image | None:
        """What the viewer may know of the image if they may see it (theirs, in a post they may see, or the avatar
        of a public account), else None."""

    @abstractmethod
    async def file(self, image_id: ImageId, size: Size, viewer: UserId | None) -> ImageFile | None:
        """One rendition of an image that the viewer may see, or of an avatar in one of `AVATAR_SIZES`, else None."""

    @abstractmethod
    async def of_owner(self, owner_id: UserId, page: PageRequest) -> Page[Image]:
        """Everything a person uploaded, newest first, posted or not."""

    @abstractmethod
    async def by_original(self, owner_id: UserId, original: BlobKey) -> Sequence[Image]:
        """A person's uploads of exactly these bytes, oldest first."""
