"""Archives of Tintype itself: `tintype.json` with everything, beside files in the form of Mastodon."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from domain.archives import (
    FIRST_DATE,
    ArchivedPost,
    ArchivedProfile,
    ArchivedRelation,
    ArchiveKind,
    RelationKind,
    SkippedEntry,
    UnusableEntry,
)
from domain.consent import CaptionChoice
from domain.ids import id_time
from domain.posts import SensitiveMedia, Visibility
from entrypoints.archives.archive import Archive
from entrypoints.archives.fields import Fields, as_fields, objects_of, read_time, text_of
from entrypoints.archives.files import UnusableArchive
from entrypoints.archives.tintype_images import choice_of, read_image
from entrypoints.archives.tintype_json import FORMAT, VERSION

NAME = "tintype.json"
_TIES = {"following": RelationKind.FOLLOW, "blocked": RelationKind.BLOCK, "muted": RelationKind.MUTE}


class TintypeArchive(Archive):
    kind = ArchiveKind.TINTYPE

    def profile(self) -> ArchivedProfile:
        account = self._account()
        consent = as_fields(account.get("consent"))
        avatar = account.get("avatar")
        return ArchivedProfile(
            display_name=text_of(account, "display_name"),
            bio=text_of(account, "bio"),
            avatar=read_image(avatar) if isinstance(avatar, dict) else None,
            private=account.get("private") is True,
            follow_approval=account.get("follow_approval") is True,
            default_visibility=choice_of(Visibility, account.get("default_visibility")),
            sensitive_media=choice_of(SensitiveMedia, account.get("sensitive_media")),
            captions=choice_of(CaptionChoice, consent.get("captions")) if consent.get("decided_at") else None,
        )

    def check(self) -> None:
        """Raise `UnusableArchive` for a format that this version does not know."""
        stated = next(self.entries(NAME, "format"), None), next(self.entries(NAME, "version"), None)
        if stated != (FORMAT, VERSION):
            raise UnusableArchive(
                f"{NAME} has the format {stated[0]!r}, version {stated[1]!r}; this program reads {FORMAT!r}, "
                f"version {VERSION}; update it, or export again"
            )

    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        for entry in self.entries(NAME, "posts.item"):
            yield _read_post(as_fields(entry))

    def relations(self) -> Iterator[ArchivedRelation | SkippedEntry]:
        """Yield comments, likes and ties to users, the oldest first."""
        account_id = text_of(self._account(), "id")
        for name, kind in (("comments", RelationKind.COMMENT), ("likes", RelationKind.LIKE)):
            for entry in reversed(list(self.entries(NAME, f"{name}.item"))):
                yield _read_reaction(as_fields(entry), kind, account_id)
        for name, kind in _TIES.items():
            for entry in reversed(list(self.entries(NAME, f"{name}.item"))):
                yield _read_tie(as_fields(entry), kind)

    def _account(self) -> Fields:
        return as_fields(next(self.entries(NAME, "account"), {}))


def _read_post(entry: Fields) -> ArchivedPost | SkippedEntry:
    key = text_of(entry, "id") or "a post without an id"
    try:
        archived_id, published = _read_id(entry.get("id")), read_time(text_of(entry, "created_at"))
        edited, visibility = text_of(entry, "edited_at"), choice_of(Visibility, entry.get("visibility"))
        return ArchivedPost(
            key,
            published,
            tuple(read_image(image) for image in objects_of(entry, "images")),
            text=text_of(entry, "text"),
            visibility=visibility or Visibility.FOLLOWERS,
            sensitive=entry.get("sensitive") is True,
            warning=text_of(entry, "warning"),
            edited_at=read_time(edited) if edited else None,
            archived_id=archived_id,
        )
    except UnusableEntry as error:
        return SkippedEntry(key, error.detail)


def _read_reaction(entry: Fields, kind: RelationKind, account_id: str) -> ArchivedRelation | SkippedEntry:
    author = as_fields(entry.get("post_author"))
    name = f"{kind} of post {text_of(entry, 'post_id')} by {text_of(author, 'username') or 'an unknown user'}"
    try:
        is_comment = kind is RelationKind.COMMENT
        return ArchivedRelation(
            kind,
            _read_id(entry.get("post_id")),
            name,
            is_own=bool(account_id) and text_of(author, "id") == account_id,
            id=_read_id(entry.get("id")) if is_comment else None,
            text=text_of(entry, "text"),
            created_at=read_time(text_of(entry, "created_at")) if is_comment else FIRST_DATE,
        )
    except UnusableEntry as error:
        return SkippedEntry(name, error.detail)


def _read_tie(entry: Fields, kind: RelationKind) -> ArchivedRelation | SkippedEntry:
    name = f"{kind} of {text_of(entry, 'username')}"
    try:
        return ArchivedRelation(kind, _read_id(entry.get("id")), name)
    except UnusableEntry as error:
        return SkippedEntry(name, error.detail)


def _read_id(value: Any) -> UUID:
    """Return a UUIDv7 with a usable time. Raises `UnusableEntry`."""
    try:
        found = UUID(value)
        id_time(found)
    except (ValueError, TypeError, AttributeError, OverflowError):
        raise UnusableEntry("has no valid id") from None
    if found.version != 7:  # noqa: PLR2004 — the version that all ids have
        raise UnusableEntry("has no valid id")
    return found
