import pytest

from adapters.memory.backup_store import MemoryBackupStore
from tests.contracts.backup_store import BackupStoreContract, Open


class TestMemoryBackupStore(BackupStoreContract):
    @pytest.fixture
    def open_place(self) -> Open:
        place = MemoryBackupStore()
        return lambda: place
