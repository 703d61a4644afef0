"""Archives of accounts: what Tintype and other services export, and the rules of its import."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.captions import MAX_ALT_TEXT, AltText, ModelTags, Source, Suggestion
from domain.comments import MAX_COMMENT
from domain.consent import CaptionChoice
from domain.errors import Invalid
from domain.ids import MAX_PLACE, UserId, dated_id, id_place, id_time
from domain.limits import Limits
from domain.posts import MAX_WARNING, SensitiveMedia, Visibility
from domain.text import is_blank, without_unstorable
from domain.vision import Label

FIRST_DATE = datetime(1970, 1, 1, tzinfo=UTC)
MAX_CLOCK_DIFFERENCE = timedelta(minutes=5)
"""How far a date may be in the future."""


class ArchiveKind(StrEnum):
    TINTYPE = "tintype"
    MASTODON = "mastodon"
    PIXELFED = "pixelfed"
    VERNISSAGE = "vernissage"
    INSTAGRAM = "instagram"


class UnusableEntry(Invalid):
    """An entry or a file of an archive cannot be imported. The detail is the reason in the report."""

    code = "unusable_entry"


@dataclass(frozen=True, slots=True)
class ArchivedImage:
    """An image of an archive. `file` is its path there, or the address it was served under. The fields after `alt_text`
    are only in archives of Tintype. `captioned_by` is the model that had finished its caption, '' without a model."""

    key: str
    file: str
    alt_text: AltText | None = None
    archived_id: UUID | None = None
    created_at: datetime | None = None
    suggestion: Suggestion | None = None
    model_tags: ModelTags | None = None
    labels: tuple[Label, ...] = ()
    captioned_by: str | None = None


ImageOpener = Callable[[ArchivedImage], Awaitable[bytes]]
"""Returns the bytes of an image of the archive. Raises `UnusableEntry`, `ImageTooLarge`."""


@dataclass(frozen=True, slots=True)
class ArchivedPost:
    """A post of an archive. `key` identifies it there, with `archived_id` in archives of Tintype. `place` orders posts
    of one millisecond. `visibility` is None where the archive does not state it. `remarks` state what differs from the
    original."""

    key: str
    published: datetime
    images: tuple[ArchivedImage, ...]
    text: str = ""
    visibility: Visibility | None = None
    sensitive: bool = False
    warning: str | None = None
    edited_at: datetime | None = None
    place: int = 0
    archived_id: UUID | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """An entry of an archive that is not imported. `entry` names it, for example by its address there."""

    entry: str
    reason: str


@dataclass(frozen=True, slots=True)
class ArchivedProfile:
    """The profile and the settings of an archive. None where the archive does not state them."""

    display_name: str | None = None
    bio: str | None = None
    avatar: ArchivedImage | None = None
    private: bool = False
    follow_approval: bool = False
    default_visibility: Visibility | None = None
    sensitive_media: SensitiveMedia | None = None
    captions: CaptionChoice | None = None


class RelationKind(StrEnum):
    LIKE = "like"
    COMMENT = "comment"
    FOLLOW = "follow"
    BLOCK = "block"
    MUTE = "mute"


@dataclass(frozen=True, slots=True)
class ArchivedRelation:
    """A relation of the account to a post or user. `target` is the id of the post or user, `name` describes it in
    reports. `is_own`: the post is one of the archive. The other fields are those of a comment."""

    kind: RelationKind
    target: UUID
    name: str
    is_own: bool = False
    id: UUID | None = None
    text: str = ""
    created_at: datetime = FIRST_DATE


def date_error(now: datetime, *dates: datetime) -> str | None:
    """Return why an entry cannot keep its date or the time of its id, or None. A post of the future would stay at the
    top of every list."""
    if min(dates) < FIRST_DATE:
        return f"is dated {min(dates):%Y-%m-%d}; dates before 1970 are not supported"
    if max(dates) > now + MAX_CLOCK_DIFFERENCE:
        return f"is dated in the future ({max(dates):%Y-%m-%d %H:%M} UTC)"
    return None


def restored_id(owner_id: UserId, archived: UUID) -> UUID:
    """Return the id that an object of a Tintype archive gets in this account. It has the time and order of the archived
    id. It is another one, because an archive must not choose ids."""
    return dated_id(f"{owner_id}/{ArchiveKind.TINTYPE}/{archived}", id_time(archived), id_place(archived))


def split_images(post: ArchivedPost, limits: Limits) -> tuple[ArchivedPost, ...]:
    """Return the post in parts with at most `max_images_per_post` images. The first one has the text."""
    most = limits.max_images_per_post
    if len(post.images) <= most:
        return (post,)
    starts = range(0, len(post.images), most)
    remark = f"has {len(post.images)} images; it became {len(starts)} posts of at most {most}"
    first = replace(post, images=post.images[:most], remarks=(*post.remarks, remark))
    others = (
        replace(
            post,
            key=f"{post.key}#{part}",
            images=post.images[start : start + most],
            text="",
            place=min(post.place + part, MAX_PLACE),
            archived_id=None,
            remarks=(),
        )
        for part, start in enumerate(starts[1:], 1)
    )
    return first, *others


def split_text(text: str, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """Return the text of the post, and what exceeds the limit as the texts of comments."""
    head, rest = _cut(text, limits.max_text)
    comments: list[str] = []
    while not is_blank(rest):
        piece, rest = _cut(rest, MAX_COMMENT)
        if not is_blank(piece):
            comments.append(piece)
    return head, tuple(comments)


def human_alt_text(text: str) -> AltText | None:
    """Return the alt text that a user wrote elsewhere, cut to the limit; None for a blank one."""
    clean = without_unstorable(text).strip()
    return None if is_blank(clean) else AltText(shorten(clean, MAX_ALT_TEXT), Source.HUMAN)


def usable_warning(text: str | None) -> str | None:
    """Return a content warning, cut to the limit; None for a blank one."""
    clean = without_unstorable(text or "").strip()
    return None if is_blank(clean) else shorten(clean, MAX_WARNING)


def shorten(text: str, most: int) -> str:
    """Return the text, cut to at most `most` characters with an ellipsis at its end."""
    return text if len(text) <= most else f"{_cut(text, most - 1)[0].rstrip()}…"


def _cut(text: str, most: int) -> tuple[str, str]:
    """Cut at the last blank of the second half, otherwise within a word."""
    if len(text) <= most:
        return text, ""
    blank = max(text.rfind(mark, most // 2, most + 1) for mark in (" ", "\n"))
    end = blank if blank > 0 else most
    return text[:end], text[end:].lstrip()
