"""Archives of Pixelfed: a list of statuses as its API returns them. Pixelfed exports no image files. They are taken
from files beside the list, whose names are the last parts of their addresses."""

from collections.abc import Iterator

from domain.archives import (
    ArchivedImage,
    ArchivedPost,
    ArchivedProfile,
    ArchiveKind,
    SkippedEntry,
    UnusableEntry,
    human_alt_text,
)
from domain.posts import Visibility
from entrypoints.archives.activity_streams import read_actor
from entrypoints.archives.archive import Archive
from entrypoints.archives.fields import Fields, Places, as_fields, media_fault, objects_of, read_time, text_of
from entrypoints.archives.html_text import html_to_text

STATUSES = ("pixelfed-statuses.json", "statuses.json")
PROFILES = ("pixelfed-account.json", "account.json")
_VISIBILITIES = {
    "public": Visibility.PUBLIC,
    "unlisted": Visibility.PUBLIC,
    "private": Visibility.FOLLOWERS,
    "followers": Visibility.FOLLOWERS,
}


class PixelfedArchive(Archive):
    kind = ArchiveKind.PIXELFED

    def profile(self) -> ArchivedProfile:
        documents = (self.document(name) for name in PROFILES)
        return read_actor(next((found for found in documents if found), {}))

    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        places = Places(newest_first=False)
        for name in STATUSES:
            for status in self.entries(name, "item"):
                yield _read_status(as_fields(status), places)


def _read_status(status: Fields, places: Places) -> ArchivedPost | SkippedEntry:
    key = text_of(status, "url", "uri", "id") or "a status without an address"
    try:
        _require_own_post(status)
        images, remarks = _read_media(status, key)
        published = read_time(text_of(status, "created_at"))
        return ArchivedPost(
            key,
            published,
            images,
            text=text_of(status, "content_text") or html_to_text(text_of(status, "content")),
            visibility=_read_visibility(status),
            sensitive=status.get("sensitive") is True,
            warning=text_of(status, "spoiler_text"),
            place=places.next_place(published),
            remarks=remarks,
        )
    except UnusableEntry as error:
        return SkippedEntry(key, error.detail)


def _require_own_post(status: Fields) -> None:
    kind = text_of(status, "pf_type")
    if status.get("reblog") or kind == "share":
        raise UnusableEntry("is a boost of another post")
    if status.get("in_reply_to_id") or kind == "reply":
        raise UnusableEntry("is a reply")
    if kind.startswith("story"):
        raise UnusableEntry("is a story, which was meant to disappear")


def _read_visibility(status: Fields) -> Visibility:
    stated = text_of(status, "visibility", "scope")
    if stated == "direct":
        raise UnusableEntry("is a direct message")
    if stated not in _VISIBILITIES:
        raise UnusableEntry(f"has the visibility {stated or 'unknown'}, which has no equivalent here")
    return _VISIBILITIES[stated]


def _read_media(status: Fields, key: str) -> tuple[tuple[ArchivedImage, ...], tuple[str, ...]]:
    images: list[ArchivedImage] = []
    remarks: list[str] = []
    for number, media in enumerate(objects_of(status, "media_attachments")):
        file = text_of(media, "url", "remote_url")
        stated = text_of(media, "mime", "type")
        if fault := media_fault(stated, file):
            remarks.append(f"{file}: {fault}")
        else:
            images.append(ArchivedImage(f"{key}/{number}", file, human_alt_text(text_of(media, "description"))))
    if not images:
        raise UnusableEntry("; ".join(remarks) or "has no image")
    return tuple(images), tuple(remarks)
