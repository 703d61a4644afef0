"""Unpacks a SavedModel from an untrusted archive.

It creates only regular files and folders with relative names. It does not use the filters of `tarfile`, which Python
3.11.0 to 3.11.3 lack (Debian 12 has 3.11.2); a SavedModel needs neither links nor permissions.
"""

import gzip
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, cast

from domain.vision.model_fetch import DownloadFailed, DownloadLimits

GZIP = b"\x1f\x8b"
MAX_NAME = 200
GRAPH = "saved_model.pb"


def unpack(archive: Path, folder: Path, limits: DownloadLimits) -> Path:
    """Unpack a .tar.gz or .tar into `folder`, and return the folder in it that holds the SavedModel. Raises
    `DownloadFailed`."""
    try:
        with _open_archive(archive) as file:
            stream = cast(IO[bytes], BoundedReader(file, limits.unpacked_bytes))
            with tarfile.open(fileobj=stream, mode="r|") as tar:
                _extract(tar, folder, limits)
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise DownloadFailed(f"the archive is damaged or incomplete ({fault})", transient=True) from fault
    except (tarfile.TarError, ValueError) as fault:
        raise DownloadFailed(f"the downloaded file is not a .tar.gz archive ({fault})", transient=False) from fault
    graphs = sorted([*folder.glob(GRAPH), *folder.glob(f"*/{GRAPH}")], key=lambda path: len(path.parts))
    if not graphs:
        raise DownloadFailed(f"the archive contains no {GRAPH}, so it is not a SavedModel", transient=False)
    return graphs[0].parent


class BoundedReader:
    """A stream that raises `DownloadFailed` beyond `limit` bytes: a small archive can contain a very large one."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self._file = file
        self._limit = limit
        self._read = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self._read += len(data)
        _check_total(self._read, self._limit)
        return data


def _open_archive(archive: Path) -> IO[bytes]:
    """The web server may have removed the gzip layer already."""
    with archive.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    return cast(IO[bytes], gzip.open(archive)) if packed else archive.open("rb")


def _extract(tar: tarfile.TarFile, folder: Path, limits: DownloadLimits) -> None:
    total = 0
    folder.mkdir()
    for count, member in enumerate(tar, start=1):
        total += member.size  # for a sparse file, more than the stream contains
        _check_total(total, limits.unpacked_bytes)
        if count > limits.files:
            raise DownloadFailed(f"the archive contains more than {limits.files} files", transient=False)
        _extract_member(tar, member, folder / _safe_path(member.name))


def _safe_path(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or len(name) > MAX_NAME or "\0" in name:
        excerpt = name if len(name) <= MAX_NAME else f"{name[:MAX_NAME]}…"
        raise DownloadFailed(f"the archive contains the name {excerpt!r}, which is not allowed", transient=False)
    return path


def _extract_member(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> None:
    content = tar.extractfile(member) if member.isreg() else None
    try:
        if content:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                shutil.copyfileobj(content, file)
        elif member.isdir():
            path.mkdir(parents=True, exist_ok=True)
        else:
            detail = f"the archive contains {member.name!r}, a link or a device; only files and folders are allowed"
            raise DownloadFailed(detail, transient=False)
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise DownloadFailed(f"the archive contains the name {member.name!r} twice", transient=False) from None


def _check_total(size: int, limit: int) -> None:
    if size > limit:
        raise DownloadFailed(f"the archive contains more than {limit / 1e6:g} MB", transient=False)
