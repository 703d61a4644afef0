from uuid import uuid4

import pytest

from adapters.s3.backup_store import S3BackupStore
from adapters.s3.bucket import BucketAddress
from tests.contracts.backup_store import BackupStoreContract, Open
from tests.seaweedfs import BUCKET, CREDENTIALS, SeaweedFs


class TestS3BackupStore(BackupStoreContract):
    @pytest.fixture
    def open_place(self, object_store: SeaweedFs, monkeypatch: pytest.MonkeyPatch) -> Open:
        for name, value in CREDENTIALS.items():
            monkeypatch.setenv(name, value)
        address = BucketAddress(BUCKET, object_store.endpoint, prefix=uuid4().hex)
        return lambda: S3BackupStore(address)
