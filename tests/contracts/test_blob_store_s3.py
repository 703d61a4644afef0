from uuid import uuid4

import pytest

from adapters.s3.blobs import S3BlobStore
from adapters.s3.bucket import Bucket, BucketAddress
from domain.blobs import BlobStore
from tests.contracts.blob_store import BlobStoreContract
from tests.seaweedfs import BUCKET, CREDENTIALS, SeaweedFs


class TestS3BlobStore(BlobStoreContract):
    @pytest.fixture
    def blobs(self, object_store: SeaweedFs, monkeypatch: pytest.MonkeyPatch) -> BlobStore:
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        return S3BlobStore(Bucket(BucketAddress(BUCKET, object_store.endpoint, prefix=uuid4().hex)))
