"""A tar file that is written once: members are appended, and found by their names."""

import fcntl
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from domain.backups import BackupRefused
from domain.errors import Invalid

_END = bytes(2 * tarfile.BLOCKSIZE)


class TarArchive:
    """Reads `path`. While it is written, it reads and writes the file that will replace `path`. Not thread-safe."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._new: IO[bytes] | None = None
        self._members: dict[str, tuple[int, int]] | None = None

    @property
    def members(self) -> dict[str, tuple[int, int]]:
        """The offset and the size of each member. Raises `Invalid` if the file is no complete archive."""
        if self._members is None:
            self._members = _find_members(self.path) if self.path.exists() else {}
        return self._members

    @contextmanager
    def replace(self) -> Iterator[None]:
        """Begin an empty archive, which replaces the file at the end of the block, unless the block raises an error.
        Raises `BackupRefused` if another process does so."""
        temporary = self.path.with_name(f".part-{self.path.name}")
        with _open_alone(temporary) as file:
            self._new, self._members = file, {}
            try:
                yield
                file.seek(0, os.SEEK_END)
                file.write(_END)
                file.flush()
                os.fsync(file.fileno())
                temporary.replace(self.path)
            except BaseException:
                temporary.unlink(missing_ok=True)
                raise
            finally:
                self._new = self._members = None

    @contextmanager
    def append(self, name: str, size: int) -> Iterator[IO[bytes]]:
        """Yield the archive, into which the block writes `size` bytes. They are removed if it raises an error."""
        file = self._require_new()
        start = file.seek(0, os.SEEK_END)
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        try:
            content = start + file.write(header.tobuf(tarfile.PAX_FORMAT))
            yield file
            _require_size(name, file.tell() - content, size)
            file.write(bytes(-size % tarfile.BLOCKSIZE))
            file.flush()
        except BaseException:
            file.seek(start)
            file.truncate()
            raise
        self.members[name] = content, size

    def read(self, name: str, start: int, length: int) -> bytes:
        """Return at most `length` bytes of a member. Raises `KeyError` if there is no such member."""
        offset, size = self.members[name]
        length = max(0, min(length, size - start))
        if self._new:
            return os.pread(self._new.fileno(), length, offset + start)
        with self.path.open("rb") as file:
            return os.pread(file.fileno(), length, offset + start)

    def _require_new(self) -> IO[bytes]:
        if self._new is None:
            raise Invalid(f"{self.path} is written once; make a new backup")
        return self._new


def _require_size(name: str, written: int, size: int) -> None:
    if written != size:
        raise Invalid(f"{name} has {written} bytes instead of {size}")


@contextmanager
def _open_alone(path: Path) -> Iterator[IO[bytes]]:
    """Yield the file, empty and private. One that a killed process left is used again."""
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600), "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"another process is writing {path}; wait until it has finished") from None
        file.truncate()
        yield file


def _find_members(path: Path) -> dict[str, tuple[int, int]]:
    try:
        with tarfile.open(path, "r:") as archive:
            members = {member.name: (member.offset_data, member.size) for member in archive}
    except tarfile.TarError as fault:
        raise Invalid(f"{path} is not a complete tar file ({fault})") from fault
    return members
