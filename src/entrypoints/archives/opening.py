"""Detects the kind of an archive by its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from entrypoints.archives import tintype
from entrypoints.archives.archive import Archive
from entrypoints.archives.files import ArchiveFiles, UnusableArchive, open_files
from entrypoints.archives.instagram import InstagramArchive
from entrypoints.archives.json_entries import first_byte
from entrypoints.archives.mastodon import MastodonArchive
from entrypoints.archives.pixelfed import STATUSES, PixelfedArchive
from entrypoints.archives.tintype import TintypeArchive
from entrypoints.archives.vernissage import VernissageArchive

INSTAGRAM = ("content/posts_1.json", "media/posts_1.json")
SUPPORTED = "Tintype, Mastodon, Pixelfed, Vernissage and Instagram (in the format JSON)"


def is_archive(path: Path) -> bool:
    """Whether `path` is a file, or a folder with the files of an unpacked archive."""
    if not path.is_dir():
        return True
    with open_files(path) as files:
        return _detect(files) is not None


@contextmanager
def open_archive(path: Path) -> Iterator[Archive]:
    """Open an archive until the block ends. Raises `NotFound`, `Unsupported`, `UnusableArchive`."""
    with open_files(path) as files:
        archive = _detect(files)
        if archive is None:
            raise UnusableArchive(f"{path} is no archive of {SUPPORTED}")
        if isinstance(archive, TintypeArchive):
            archive.check()
        yield archive


def _detect(files: ArchiveFiles) -> Archive | None:
    index = files.index
    for name in _near_top(index.ending_with(tintype.NAME)):
        return TintypeArchive(files, _root(name))
    for name in _near_top(index.ending_with("outbox.json")):
        with files.open(name) as stream:
            kind = VernissageArchive if first_byte(stream) == b"[" else MastodonArchive
        return kind(files, _root(name))
    for name in _near_top(index.ending_with(*STATUSES)):
        return PixelfedArchive(files, _root(name))
    for name in (*index.ending_with(*INSTAGRAM), *_near_top(index.ending_with("posts_1.json"))):
        return InstagramArchive(files, _root(name))
    return None


def _near_top(names: list[str]) -> list[str]:
    """Leave out files deep in a folder, which may be part of something else."""
    return [name for name in names if name.count("/") <= 1]


def _root(name: str) -> str:
    return name[: name.rfind("/") + 1]
