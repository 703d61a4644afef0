import json
import logging
from pathlib import Path

import pytest

from adapters.filesystem.fetch_records import FilesystemFetchRecords
from domain.blobs import StorageUnavailable
from domain.vision.model_fetch import FetchRecord, FetchRecords, FetchRunning
from tests.contracts.fetch_records import FAILED, FetchRecordsContract

WHOLE = {"attempts": [], "failures": 3, "next_at": "2026-11-30T12:00:00+00:00"}


class TestFilesystemFetchRecords(FetchRecordsContract):
    @pytest.fixture
    def records(self, tmp_path: Path) -> FetchRecords:
        return FilesystemFetchRecords(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b"null",
        json.dumps({**WHOLE, "failures": "many"}).encode(),
        json.dumps({**WHOLE, "next_at": "soon"}).encode(),
        json.dumps({**WHOLE, "next_at": "2026-11-30T12:00:00"}).encode(),
        json.dumps({**WHOLE, "attempts": [{"at": "2026-11-30T12:00:00+00:00"}]}).encode(),
    ],
)
def test_damaged_record_counts_as_empty_with_warning(
    tmp_path: Path, damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    records = FilesystemFetchRecords(tmp_path)
    records.write(FetchRecord((FAILED,), failures=1))
    (tmp_path / "models" / "fetch.json").write_bytes(damage)
    with caplog.at_level(logging.WARNING, "tintype.model"):
        assert records.read() == FetchRecord()
    assert "fetch.json is damaged" in caplog.text
    records.write(FetchRecord(failures=1))
    assert records.read() == FetchRecord(failures=1)


def test_record_and_claim_are_shared_between_processes(tmp_path: Path) -> None:
    first, second = FilesystemFetchRecords(tmp_path), FilesystemFetchRecords(tmp_path)
    with first.claim():
        first.write(FetchRecord((FAILED,), failures=1))
        with pytest.raises(FetchRunning), second.claim():
            pass
    assert second.read() == FetchRecord((FAILED,), failures=1)


def test_unusable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, not a folder")
    with pytest.raises(StorageUnavailable):
        FilesystemFetchRecords(tmp_path).write(FetchRecord())
    with pytest.raises(StorageUnavailable), FilesystemFetchRecords(tmp_path).claim():
        pass
