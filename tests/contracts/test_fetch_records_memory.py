import pytest

from adapters.memory.fetch_records import MemoryFetchRecords
from domain.vision.model_fetch import FetchRecords
from tests.contracts.fetch_records import FetchRecordsContract


class TestMemoryFetchRecords(FetchRecordsContract):
    @pytest.fixture
    def records(self) -> FetchRecords:
        return MemoryFetchRecords()
