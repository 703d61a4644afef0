"""The contract of `FetchRecords`."""

from abc import abstractmethod
from datetime import UTC, datetime

import pytest

from domain.vision.model_fetch import FetchAttempt, FetchOutcome, FetchRecord, FetchRecords, FetchRunning

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
FAILED = FetchAttempt(NOON, "TensorFlow Hub", FetchOutcome.FAILED, "HTTP 403")


class FetchRecordsContract:
    @pytest.fixture
    @abstractmethod
    def records(self) -> FetchRecords:
        """A store without a record."""

    def test_store_is_empty_at_first(self, records: FetchRecords) -> None:
        assert records.read() == FetchRecord()

    def test_last_record_is_read(self, records: FetchRecords) -> None:
        records.write(FetchRecord((FAILED,), failures=2, next_at=NOON))
        records.write(FetchRecord((FAILED, FAILED), failures=3, next_at=NOON))
        assert records.read() == FetchRecord((FAILED, FAILED), failures=3, next_at=NOON)

    def test_record_without_next_attempt_is_stored(self, records: FetchRecords) -> None:
        records.write(FetchRecord((FAILED,)))
        assert records.read() == FetchRecord((FAILED,))

    def test_claim_is_exclusive(self, records: FetchRecords) -> None:
        with records.claim():
            with pytest.raises(FetchRunning), records.claim():
                pass
            records.write(FetchRecord(failures=1))
        with records.claim():
            assert records.read().failures == 1
