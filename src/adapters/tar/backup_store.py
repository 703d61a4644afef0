from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from adapters.filesystem.durable import make_folder, sync, translate_os_errors
from adapters.system.executor import BoundedExecutor
from adapters.tar.archive import TarArchive
from adapters.tar.blobs import TarBlobStore
from domain.backups import MANIFESTS, MARKER, BackupStore
from domain.blobs import BlobStore
from domain.errors import Invalid


class TarBackupStore(BackupStore):
    """One complete backup. The next one replaces it as a whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._archive = TarArchive(path)
        self._executor = BoundedExecutor("backup", threads=1, waiting=256)
        self._blobs = TarBlobStore(self._archive, self._executor)

    @property
    def where(self) -> str:
        return str(self._path)

    @property
    def blobs(self) -> BlobStore:
        return self._blobs

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        async with self._executor.enter(self._replace()):
            yield

    async def is_foreign(self) -> bool:
        return await self._executor.run(self._is_foreign)

    async def read(self, name: str) -> bytes | None:
        return await self._executor.run(self._read, name)

    async def write(self, name: str, content: bytes) -> None:
        await self._executor.run(self._write, name, content)

    async def names(self) -> Sequence[str]:
        return await self._executor.run(self._names)

    @contextmanager
    def _replace(self) -> Iterator[None]:
        with translate_os_errors(self._path.parent):
            make_folder(self._path.parent)
            with self._archive.replace():
                yield
            sync(self._path.parent)

    def _is_foreign(self) -> bool:
        with translate_os_errors(self._path.parent):
            try:
                return self._path.exists() and MARKER not in self._archive.members
            except Invalid:
                return True

    def _read(self, name: str) -> bytes | None:
        with translate_os_errors(self._path.parent):
            members = self._archive.members
            return self._archive.read(name, 0, members[name][1]) if name in members else None

    def _write(self, name: str, content: bytes) -> None:
        with self._archive.append(name, len(content)) as file:
            file.write(content)

    def _names(self) -> list[str]:
        with translate_os_errors(self._path.parent):
            return sorted(name for name in self._archive.members if name.startswith(MANIFESTS))
