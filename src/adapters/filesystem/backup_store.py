"""Keeps backups in a folder."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.filesystem.blobs import FilesystemBlobStore
from adapters.filesystem.durable import TEMPORARY, make_folder, translate_os_errors, write_durably
from adapters.system.executor import BoundedExecutor
from domain.backups import MANIFESTS, MARKER, BackupStore
from domain.blobs import BlobStore


class FilesystemBackupStore(BackupStore):
    """Only the owner can read a new folder, and the files: a dump has e-mail addresses and hashes of passwords."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._blobs = FilesystemBlobStore(folder / "blobs")
        self._executor = BoundedExecutor("backup", threads=1, waiting=16)

    @property
    def where(self) -> str:
        return str(self._folder)

    @property
    def blobs(self) -> BlobStore:
        return self._blobs

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        await self._executor.run(self._prepare)
        yield

    async def is_foreign(self) -> bool:
        return await self._executor.run(self._is_foreign)

    async def read(self, name: str) -> bytes | None:
        return await self._executor.run(self._read, name)

    async def write(self, name: str, content: bytes) -> None:
        await self._executor.run(self._write, name, content)

    async def names(self) -> Sequence[str]:
        return await self._executor.run(self._names)

    def _prepare(self) -> None:
        with translate_os_errors(self._folder):
            if not self._folder.exists():
                make_folder(self._folder)
                self._folder.chmod(0o700)

    def _is_foreign(self) -> bool:
        with translate_os_errors(self._folder):
            if not self._folder.exists() or (self._folder / MARKER).exists():
                return False
            # A killed first backup leaves the unfinished marker.
            return any(not path.name.startswith(TEMPORARY) for path in self._folder.iterdir())

    def _read(self, name: str) -> bytes | None:
        with translate_os_errors(self._folder):
            path = self._folder / name
            return path.read_bytes() if path.is_file() else None

    def _write(self, name: str, content: bytes) -> None:
        with translate_os_errors(self._folder):
            write_durably(self._folder / name, content)

    def _names(self) -> list[str]:
        with translate_os_errors(self._folder):
            return sorted(f"{MANIFESTS}{path.name}" for path in (self._folder / MANIFESTS).glob("*.json"))
