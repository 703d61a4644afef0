"""Archives of Mastodon: `outbox.json` is a collection of activities, the images are under `media_attachments`."""

from collections.abc import Iterator
from typing import ClassVar

from domain.archives import ArchivedPost, ArchivedProfile, ArchiveKind, SkippedEntry
from entrypoints.archives.activity_streams import read_actor, read_note
from entrypoints.archives.archive import Archive
from entrypoints.archives.fields import Places, as_fields, text_of

OTHER_SERVERS = "refers to posts and users of other servers"


class MastodonArchive(Archive):
    kind = ArchiveKind.MASTODON
    ignored_files: ClassVar = {
        "likes.json": OTHER_SERVERS,
        "bookmarks.json": OTHER_SERVERS,
        "following_accounts.csv": OTHER_SERVERS,
        "blocked_accounts.csv": OTHER_SERVERS,
        "muted_accounts.csv": OTHER_SERVERS,
        "lists.csv": OTHER_SERVERS,
    }

    def profile(self) -> ArchivedProfile:
        return read_actor(self.document("actor.json"))

    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        places = Places(newest_first=False)
        for number, entry in enumerate(self.entries("outbox.json", "orderedItems.item"), 1):
            activity = as_fields(entry)
            kind = text_of(activity, "type")
            if kind == "Create" and isinstance(activity.get("object"), dict):
                yield read_note(activity["object"], places)
            else:
                reason = "is a boost of another post" if kind == "Announce" else f"is of the type {kind or 'unknown'}"
                yield SkippedEntry(text_of(activity, "id") or f"entry {number} of outbox.json", reason)
