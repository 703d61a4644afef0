"""What the readers of all kinds of archives offer."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from domain.archives import (
    ArchivedImage,
    ArchivedPost,
    ArchivedProfile,
    ArchivedRelation,
    ArchiveKind,
    SkippedEntry,
    UnusableEntry,
)
from domain.images import ImageTooLarge
from entrypoints.archives.fields import Fields, as_fields
from entrypoints.archives.files import ArchiveFiles
from entrypoints.archives.json_entries import iter_entries


class Archive(ABC):
    """An open archive. `root` is the folder in it that holds its files, '' or with a slash at the end."""

    kind: ClassVar[ArchiveKind]
    ignored_files: ClassVar[dict[str, str]] = {}
    """Files that are not imported, with the reason."""

    def __init__(self, files: ArchiveFiles, root: str) -> None:
        self.files = files
        self.root = root

    @abstractmethod
    def posts(self) -> Iterator[ArchivedPost | SkippedEntry]:
        """Yield every post, and every entry that is not imported."""

    def profile(self) -> ArchivedProfile:
        return ArchivedProfile()

    def relations(self) -> Iterator[ArchivedRelation | SkippedEntry]:
        return iter(())

    def skipped_files(self) -> Iterator[SkippedEntry]:
        """Yield unsafe members of the archive, and files that are not imported."""
        yield from self.files.index.skipped
        for name, reason in self.ignored_files.items():
            for found in self.files.index.ending_with(name):
                yield SkippedEntry(found, reason)

    async def open_image(self, image: ArchivedImage, limit: int) -> bytes:
        """Return the bytes of an image. Raises `UnusableEntry`, and `ImageTooLarge` above `limit` bytes."""
        name = self.files.index.find(image.file)
        content = await asyncio.to_thread(self.files.read, name, limit)
        if len(content) > limit:
            raise ImageTooLarge(f"has more than the allowed {limit:,} bytes", limit=limit)
        return content

    def entries(self, name: str, prefix: str) -> Iterator[Any]:
        """Yield the values of a JSON file, none if there is no such file."""
        if self.root + name in self.files.index:
            with self.files.open(self.root + name) as stream:
                yield from iter_entries(stream, prefix)

    def document(self, name: str) -> Fields:
        """Return the object of a small JSON file, an empty one if there is none."""
        return as_fields(next(self.entries(name, ""), {}))


def skip(entry: str, error: UnusableEntry) -> SkippedEntry:
    return SkippedEntry(entry, error.detail)
