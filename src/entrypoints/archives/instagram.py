"""Archives of Instagram in the format JSON: `posts_1.json`, `posts_2.json` and so on, newest first, and images under
`media`.

Its texts are UTF-8 of which each byte was written as a character of its own. It states neither who may see a post nor
alt texts.
"""

from collections.abc import Iterator
from typing import ClassVar

from domain.archives import ArchivedImage, ArchivedPost, ArchivedProfile, ArchiveKind, SkippedEntry, UnusableEntry
from entrypoints.archives.archive import Archive
from entrypoints.archives.fields import Fields, Places, as_fields, media_fault, objects_of, read_seconds, text_of
from entrypoints.archives.json_entries import first_byte, iter_entries

HIDDEN = "was archived or deleted by its author"


class InstagramArchive(Archive):
    kind = ArchiveKind.INSTAGRAM
    ignored_files: ClassVar = {
        "stories.json": "stories were meant to disappear",
        "reels.json": "reels are videos",
        "igtv_videos.json": "are videos",
        "archived_posts.json": HIDDEN,
        "recently_deleted_content.json": HIDDEN,
        "liked_posts.json": "refers to posts of Instagram",
        "post_comments_1.json": "comments on posts of Instagram",
        "following.json": "refers to users of Instagram",
    }

    def profile(self) -> ArchivedProfile:
        for name in self.files.index.ending_with("personal_information.json"):
            with self.files.open(name) as stream:
                found = as_fields(next(iter_entries(stream, ""), {}))
            for user in objects_of(found, "profile_user"):
                return _read_profile(user)
        return ArchivedProfile()

    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        places = Places(newest_first=True)
        for name in self.files.index.matching_last("posts_", ".json"):
            with self.files.open(name) as stream:
                prefix = "item" if first_byte(stream) == b"[" else ""
            with self.files.open(name) as stream:
                for number, entry in enumerate(iter_entries(stream, prefix), 1):
                    yield _read_post(as_fields(entry), f"entry {number} of {name}", places)


def _read_post(entry: Fields, label: str, places: Places) -> ArchivedPost | SkippedEntry:
    media = objects_of(entry, "media")
    try:
        images, remarks = _read_media(media)
        stated = entry.get("creation_timestamp") or media[0].get("creation_timestamp")
        published = read_seconds(stated)
        # A post of one image has its text at the image.
        text = text_of(entry, "title") or (text_of(media[0], "title") if len(media) == 1 else "")
        return ArchivedPost(
            f"{images[0].key}@{int(published.timestamp())}",
            published,
            images,
            text=repair_text(text),
            place=places.next_place(published),
            remarks=remarks,
        )
    except UnusableEntry as error:
        return SkippedEntry(label, error.detail)


def _read_media(media: list[Fields]) -> tuple[tuple[ArchivedImage, ...], tuple[str, ...]]:
    images: list[ArchivedImage] = []
    remarks: list[str] = []
    for item in media:
        file = text_of(item, "uri")
        if fault := media_fault("", file):
            remarks.append(f"{file}: {fault}")
        else:
            images.append(ArchivedImage(file.rpartition("/")[2] or file, file))
    if not images:
        raise UnusableEntry("; ".join(remarks) or "has no image")
    return tuple(images), tuple(remarks)


def _read_profile(user: Fields) -> ArchivedProfile:
    strings, files = as_fields(user.get("string_map_data")), as_fields(user.get("media_map_data"))
    avatar = text_of(as_fields(files.get("Profile Photo")), "uri")
    return ArchivedProfile(
        display_name=repair_text(text_of(as_fields(strings.get("Name")), "value")),
        bio=repair_text(text_of(as_fields(strings.get("Bio")), "value")),
        avatar=ArchivedImage("avatar", avatar) if avatar else None,
        private=text_of(as_fields(strings.get("Private Account")), "value") == "True",
    )


def repair_text(text: str) -> str:
    """Return a text whose UTF-8 bytes were written as characters of Latin-1. A text that cannot be such a one is
    returned unchanged."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text
