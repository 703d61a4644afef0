from pathlib import Path

import pytest

from adapters.filesystem.blobs import FilesystemBlobStore
from domain.blobs import BlobStore
from tests.contracts.blob_store import BlobStoreContract


class TestFilesystemBlobStore(BlobStoreContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path) -> BlobStore:
        return FilesystemBlobStore(tmp_path / "blobs")
