"""Archives of Vernissage: `outbox.json` is a list of notes, the images are under `media_attachments` by the last part
of their addresses."""

from collections.abc import Iterator
from typing import ClassVar

from domain.archives import ArchivedImage, ArchivedPost, ArchivedProfile, ArchiveKind, SkippedEntry
from entrypoints.archives.activity_streams import read_actor, read_note
from entrypoints.archives.archive import Archive
from entrypoints.archives.fields import Places, as_fields
from entrypoints.archives.mastodon import OTHER_SERVERS


class VernissageArchive(Archive):
    kind = ArchiveKind.VERNISSAGE
    ignored_files: ClassVar = {"likes.json": OTHER_SERVERS, "bookmarks.json": OTHER_SERVERS}

    def profile(self) -> ArchivedProfile:
        profile = read_actor(self.document("actor.json"))
        found = self.files.index.matching_last("avatar.", "")
        return ArchivedProfile(
            profile.display_name,
            profile.bio,
            ArchivedImage("avatar", found[0]) if found else None,
            follow_approval=profile.follow_approval,
        )

    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        places = Places(newest_first=False)
        for note in self.entries("outbox.json", "item"):
            yield read_note(as_fields(note), places)
