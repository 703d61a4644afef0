from collections.abc import AsyncIterator
from typing import ClassVar
from uuid import UUID, uuid4

from adapters.memory.storage import MemoryStorage
from adapters.memory.tables import Tables
from domain.backups import BackupRefused, DatabaseDumps, Manifest
from domain.blobs import BlobKey, BlobStore
from domain.vision.desired_model import DesiredModel

_MIGRATION = "memory"


class MemoryDatabaseDumps(DatabaseDumps):
    """The bytes of a dump are a name of rows that this process keeps."""

    _dumps: ClassVar[dict[bytes, tuple[UUID, Tables, DesiredModel | None]]] = {}

    def __init__(self, storage: MemoryStorage) -> None:
        self._store = storage.store
        self._installation = uuid4()

    async def installation(self) -> UUID:
        return self._installation

    async def migration(self) -> str:
        return _MIGRATION

    async def require_restorable(self, manifest: Manifest) -> None:
        if self._store.committed.users:
            raise BackupRefused("this installation has users; restore into an empty one")
        if manifest.migration != _MIGRATION:
            raise BackupRefused(f"the migration {manifest.migration} of the backup is not known")

    async def dump(self, target: BlobStore) -> BlobKey:
        name = uuid4().bytes
        self._dumps[name] = self._installation, self._store.committed.copy(), self._store.desired_model
        return await target.put(name)

    async def referenced_keys(self, dump: BlobKey, source: BlobStore) -> AsyncIterator[BlobKey]:
        _, tables, model = self._dumps[await source.get(dump)]
        if model and model.file:
            yield model.file
        for image in tables.images.values():
            yield image.original
            for rendition in image.renditions.values():
                yield rendition.key

    async def restore(self, dump: BlobKey, source: BlobStore) -> None:
        self._installation, tables, self._store.desired_model = self._dumps[await source.get(dump)]
        self._store.committed = tables.copy()
