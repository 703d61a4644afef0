from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.system.executor import BoundedExecutor
from adapters.tar.archive import TarArchive
from adapters.tar.backup_store import TarBackupStore
from adapters.tar.blobs import TarBlobStore
from domain.blobs import BlobStore
from tests.contracts.backup_store import BackupStoreContract, Open
from tests.contracts.blob_store import BlobStoreContract


class TestTarBackupStore(BackupStoreContract):
    @pytest.fixture
    def open_place(self, tmp_path: Path) -> Open:
        return lambda: TarBackupStore(tmp_path / "backup.tar")


class TestTarBlobStore(BlobStoreContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> Iterator[BlobStore]:
        archive = TarArchive(tmp_path / "backup.tar")
        with archive.replace():
            yield TarBlobStore(archive, BoundedExecutor("backup", threads=1, waiting=16))
