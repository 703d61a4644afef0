from pathlib import Path

import pytest

from adapters.filesystem.backup_store import FilesystemBackupStore
from tests.contracts.backup_store import BackupStoreContract, Open


class TestFilesystemBackupStore(BackupStoreContract):
    @pytest.fixture
    def open_place(self, tmp_path: Path) -> Open:
        return lambda: FilesystemBackupStore(tmp_path / "backups")
