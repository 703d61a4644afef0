"""The files of an archive: a .zip, a .tar.gz or a folder. Nothing is unpacked under the names of the archive, so that
these cannot lead elsewhere."""

import bz2
import gzip
import io
import lzma
import os
import stat
import tarfile
import tempfile
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

from domain.archives import UnusableEntry
from domain.errors import Invalid, NotFound, Unsupported
from entrypoints.archives.names import FileIndex, Member

MAX_RATIO = 50
"""A compressed archive may grow by this factor. Images hardly shrink when they are compressed."""
FREE_BYTES = 64 * 1024 * 1024
"""Every archive may have this size, whatever its factor."""
_CHUNK = 1024 * 1024
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    gzip.BadGzipFile,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)


class UnusableArchive(Invalid):
    """The archive cannot be imported."""

    code = "unusable_archive"


class ArchiveFiles(ABC):
    """The files of an archive by their names. `index` leaves out members that are unsafe, and states why."""

    index: FileIndex

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]: ...

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """Open a file for reading. Raises `UnusableEntry`, also later if its data are damaged."""
        try:
            with self._open(name) as stream:
                yield stream
        except _DAMAGE as error:
            raise UnusableEntry(f"cannot be read from the archive: {_describe(error)}") from error

    def read(self, name: str, limit: int) -> bytes:
        """Return the content, or one byte more than `limit` if it is longer."""
        with self.open(name) as stream:
            return stream.read(limit + 1)

    def close(self) -> None:  # noqa: B027 — a folder has nothing to close
        """Close the archive."""


class ZipFiles(ArchiveFiles):
    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self.index = FileIndex(Member(info.filename, _zip_fault(info)) for info in self._zip.infolist())

    def _open(self, name: str) -> IO[bytes]:
        return self._zip.open(name)

    def close(self) -> None:
        self._zip.close()


class TarFiles(ArchiveFiles):
    """A .tar, plain or compressed. A compressed one is decompressed into a temporary file without a name, since
    its files are read in any order."""

    def __init__(self, path: Path) -> None:
        self._file = _decompress(path)
        try:
            with tarfile.open(fileobj=self._file, mode="r:") as tar:
                members = [member for member in tar if not member.isdir()]
        except BaseException:
            self._file.close()
            raise
        self._places = {member.name: (member.offset_data, member.size) for member in members}
        self.index = FileIndex(Member(member.name, _tar_fault(member)) for member in members)

    def _open(self, name: str) -> IO[bytes]:
        return io.BufferedReader(_Slice(self._file.fileno(), *self._places[name]))

    def close(self) -> None:
        self._file.close()


class _Slice(io.RawIOBase):
    """A part of an open file. It has a position of its own, so that threads read several parts at once."""

    def __init__(self, descriptor: int, start: int, size: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._position = start
        self._end = start + size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = os.pread(self._descriptor, min(len(buffer), self._end - self._position), self._position)
        if not chunk and self._position < self._end:
            raise EOFError("the archive is truncated")
        buffer[: len(chunk)] = chunk
        self._position += len(chunk)
        return len(chunk)


class FolderFiles(ArchiveFiles):
    """An unpacked archive."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.index = FileIndex(_folder_members(folder))

    def _open(self, name: str) -> IO[bytes]:
        return (self._folder / name).open("rb")


def open_files(path: Path) -> AbstractContextManager[ArchiveFiles]:
    """Open an archive until the block ends. Raises `NotFound`, `Unsupported`, `UnusableArchive`."""
    return _opened(path)


@contextmanager
def _opened(path: Path) -> Iterator[ArchiveFiles]:
    try:
        files = _make_files(path)
    except FileNotFoundError:
        raise NotFound(f"{path}: the file or folder does not exist") from None
    except _DAMAGE as error:
        raise UnusableArchive(f"{path} cannot be read as an archive: {_describe(error)}") from error
    try:
        yield files
    finally:
        files.close()


def _make_files(path: Path) -> ArchiveFiles:
    if path.is_dir():
        return FolderFiles(path)
    if zipfile.is_zipfile(path):
        return ZipFiles(path)
    with path.open("rb") as file:
        head = file.read(512)
    if head[:2] == b"\x1f\x8b" or head[:3] == b"BZh" or head[:6] == b"\xfd7zXZ\x00" or head[257:262] == b"ustar":
        return TarFiles(path)
    raise _NotAnArchive(f"{path} is neither a .zip, nor a .tar.gz, nor a folder")


class _NotAnArchive(Unsupported):
    code = "unsupported_archive"


def _decompress(path: Path) -> BinaryIO:
    """Return the plain .tar. Raises `UnusableArchive` if it is too much larger than the file."""
    limit = path.stat().st_size * MAX_RATIO + FREE_BYTES
    out = tempfile.TemporaryFile()  # noqa: SIM115 — closed by the caller
    try:
        with _decompressor(path) as source:
            while chunk := source.read(_CHUNK):
                _require_size(out.tell() + len(chunk), limit, path)
                out.write(chunk)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out


def _require_size(size: int, limit: int, path: Path) -> None:
    if size > limit:
        raise UnusableArchive(f"{path} is more than {MAX_RATIO} times larger than its file; unpack it first")


def _decompressor(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        head = file.read(6)
    if head.startswith(b"\x1f\x8b"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    if head.startswith(b"BZh"):
        return cast(IO[bytes], bz2.open(path, "rb"))
    if head.startswith(b"\xfd7zXZ\x00"):
        return cast(IO[bytes], lzma.open(path, "rb"))
    return path.open("rb")


def _zip_fault(info: zipfile.ZipInfo) -> str | None:
    if info.is_dir():
        return "a folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link"
    return "encrypted" if info.flag_bits & 1 else None


def _tar_fault(member: tarfile.TarInfo) -> str | None:
    return None if member.isreg() and not member.issparse() else "a link or a device"


def _folder_members(folder: Path) -> Iterable[Member]:
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield Member(name, "a link")
        elif path.is_file():
            yield Member(name, None if folder.resolve() in path.resolve().parents else "a link")


def _describe(error: BaseException) -> str:
    return (str(error) or type(error).__name__).lower()
