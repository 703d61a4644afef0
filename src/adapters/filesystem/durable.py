"""Writing files so that they survive a power cut: all of the file or none of it."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from domain.blobs import StorageUnavailable

TEMPORARY = ".part-"
"""How the name of an unfinished file begins."""

_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space",
    errno.EDQUOT: "the disk quota is used up; free some space",
    errno.EROFS: "it lies on a read-only file system; make it writable or set TINTYPE_HOME to another folder",
    errno.EACCES: "it may not be read or written; give this user the right or set TINTYPE_HOME to another folder",
    errno.EPERM: "it may not be read or written; give this user the right or set TINTYPE_HOME to another folder",
}


@contextmanager
def translate_os_errors(folder: Path) -> Iterator[None]:
    """Tell of the operating system's refusals as `StorageUnavailable`, with what to do about them."""
    try:
        yield
    except OSError as fault:
        advice = _ADVICE.get(fault.errno or 0, f"the operating system says: {fault.strerror or fault}; check the disk")
        inside = f"the folder {folder} cannot be used: {advice}"
        raise StorageUnavailable("the storage cannot be used now", retry_after=30, operator_detail=inside) from fault


def write_durably(path: Path, data: bytes) -> None:
    """Put `data` at `path`, atomically; on return file, name and any new parent folder are on the disk."""
    make_folder(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=TEMPORARY, delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    sync(path.parent)


def make_folder(folder: Path) -> None:
    """Make `folder` and its missing parents; each new name is synced in the folder that holds it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync(folder.parent)


def sync(path: Path) -> None:
    """Force a file, or the names in a folder, onto the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
