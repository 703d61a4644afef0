"""Writes files atomically and durably: after a power failure, a file is complete or missing."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from domain.blobs import StorageUnavailable

TEMPORARY = ".part-"
"""The prefix of the names of unfinished files."""

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EROFS: "the file system is read-only; make it writable or use another folder (TINTYPE_HOME)",
    errno.EACCES: "permission denied; give this user access or use another folder (TINTYPE_HOME)",
    errno.EPERM: "permission denied; give this user access or use another folder (TINTYPE_HOME)",
}


@contextmanager
def translate_os_errors(folder: Path) -> Iterator[None]:
    """Raise `StorageUnavailable` for errors of the operating system, with advice for the operator."""
    try:
        yield
    except OSError as fault:
        advice = _ADVICE.get(
            fault.errno or 0, f"the operating system reports: {fault.strerror or fault}; check the disk"
        )
        operator_detail = f"the folder {folder} cannot be used: {advice}"
        raise StorageUnavailable(
            "image storage is unavailable; retry in 30 s", retry_after=30, operator_detail=operator_detail
        ) from fault


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` as `new_file` does."""
    with new_file(path) as file:
        file.write(data)


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file that replaces `path` atomically at the end of the block, unless the block raises an error. The file,
    its name and new parent folders are then on the disk."""
    make_folder(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=TEMPORARY, delete=False) as file:
        temporary = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync(path.parent)


def make_folder(folder: Path) -> None:
    """Create `folder` and its missing parents, and sync every new name."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Write a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
