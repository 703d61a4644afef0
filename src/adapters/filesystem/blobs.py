"""Stores blobs as files: `ab/cd/<sha256>` in one folder."""

import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from adapters.filesystem.durable import TEMPORARY, make_folder, new_file, sync, translate_os_errors, write_durably
from adapters.system.executor import BoundedExecutor
from domain.blobs import (
    CHUNK_BYTES,
    BlobContent,
    BlobKey,
    BlobMissing,
    BlobStore,
    StorageUnavailable,
    check_content,
)

STALE_AFTER = 24 * 60 * 60
"""Seconds after which an unfinished file is a remainder of a dead process."""


class FilesystemBlobStore(BlobStore):
    """Refuses blobs when less than `min_free` bytes would stay free: the database may use the same disk."""

    def __init__(self, folder: Path, threads: int = 4, waiting: int = 256, min_free: int = 0) -> None:
        self._folder = folder
        self._min_free = min_free
        self._executor = BoundedExecutor("storage", threads, waiting)

    async def key_of(self, data: bytes) -> BlobKey:
        return await self._executor.run(BlobKey.of, data)

    async def put(self, data: bytes) -> BlobKey:
        return await self._executor.run(self._put, data)

    async def get(self, key: BlobKey) -> bytes:
        return await self._executor.run(self._get, key)

    async def open(self, key: BlobKey) -> BlobContent:
        size, first = await self._executor.run(self._begin, key)
        return BlobContent(size, self._chunks(key, size, first))

    async def store(self, key: BlobKey, content: BlobContent) -> None:
        await self._executor.run(self._require_room, content.size)
        async with self._executor.enter(self._new_file(self._path(key))) as file:
            async for chunk in check_content(key, content):
                await self._executor.run(file.write, chunk)

    async def link(self, key: BlobKey, lifetime: timedelta) -> str | None:  # noqa: ARG002 — no blob has an address
        return None

    async def delete(self, key: BlobKey) -> None:
        await self._executor.run(self._delete, key)

    async def keys(self) -> AsyncIterator[BlobKey]:
        for folder in await self._executor.run(self._folders):
            for key in await self._executor.run(self._keys_in, folder):
                yield key

    def _put(self, data: bytes) -> BlobKey:
        key = BlobKey.of(data)
        path = self._path(key)
        with translate_os_errors(self._folder):
            if path.is_file() and path.stat().st_size == len(data):
                # Its writer may not have synced it yet, or may have died before, so sync it here too.
                for unsynced in (path, path.parent, path.parent.parent, self._folder):
                    sync(unsynced)
            else:
                self._require_room(len(data))
                write_durably(path, data)
        return key

    async def _chunks(self, key: BlobKey, size: int, first: bytes) -> AsyncIterator[bytes]:
        """Yield the file in chunks. It is opened for each of them: a slow reader holds no file open."""
        chunk, end = first, len(first)
        while chunk:
            yield chunk
            chunk = await self._executor.run(self._read_chunk, key, end) if end < size else b""
            end += len(chunk)

    @contextmanager
    def _new_file(self, path: Path) -> Iterator[IO[bytes]]:
        with translate_os_errors(self._folder), new_file(path) as file:
            yield file

    def _begin(self, key: BlobKey) -> tuple[int, bytes]:
        """Return the size of the file and its first chunk."""
        with self._open(key) as file:
            return os.fstat(file.fileno()).st_size, file.read(CHUNK_BYTES)

    def _read_chunk(self, key: BlobKey, start: int) -> bytes:
        with self._open(key) as file:
            file.seek(start)
            return file.read(CHUNK_BYTES)

    def _require_room(self, size: int) -> None:
        with translate_os_errors(self._folder):
            make_folder(self._folder)
            free = shutil.disk_usage(self._folder).free
        if free - size < self._min_free:
            raise StorageUnavailable(
                "the storage accepts no more images: its disk is nearly full; retry in 5 minutes",
                retry_after=300,
                operator_detail=f"{free >> 20} MiB are free in {self._folder}, and {self._min_free >> 20} MiB must "
                "stay free; free some space or lower TINTYPE_MIN_FREE_BYTES",
            )

    def _get(self, key: BlobKey) -> bytes:
        with self._open(key) as file:
            return file.read()

    @contextmanager
    def _open(self, key: BlobKey) -> Iterator[IO[bytes]]:
        with translate_os_errors(self._folder):
            try:
                with self._path(key).open("rb") as file:
                    yield file
            except FileNotFoundError:
                raise BlobMissing(
                    f"the blob {key} is not in {self._folder}; restore it from a backup", key=str(key)
                ) from None

    def _delete(self, key: BlobKey) -> None:
        with translate_os_errors(self._folder):
            self._path(key).unlink(missing_ok=True)

    def _path(self, key: BlobKey) -> Path:
        return self._folder / key.value[:2] / key.value[2:4] / key.value

    def _folders(self) -> list[Path]:
        with translate_os_errors(self._folder):
            return sorted(self._folder.glob("[0-9a-f][0-9a-f]/[0-9a-f][0-9a-f]"))

    def _keys_in(self, folder: Path) -> list[BlobKey]:
        with translate_os_errors(self._folder):
            return [BlobKey(name) for name in _finished_names(folder)]


def _finished_names(folder: Path) -> Iterator[str]:
    """The names of complete blobs. Stale unfinished files are deleted."""
    for path in folder.iterdir():
        if not path.name.startswith(TEMPORARY):
            yield path.name
        elif _is_stale(path):
            path.unlink(missing_ok=True)


def _is_stale(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STALE_AFTER
    except FileNotFoundError:
        return False
