import pytest

from adapters.memory.blobs import MemoryBlobStore
from domain.blobs import BlobStore
from tests.contracts.blob_store import BlobStoreContract


class TestMemoryBlobStore(BlobStoreContract):
    @pytest.fixture
    def blobs(self) -> BlobStore:
        return MemoryBlobStore()
