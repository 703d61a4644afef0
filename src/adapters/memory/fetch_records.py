from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from domain.vision.model_fetch import FetchRecord, FetchRecords, FetchRunning


class MemoryFetchRecords(FetchRecords):
    """Stores the record for the lifetime of the process."""

    def __init__(self) -> None:
        self._record = FetchRecord()
        self._lock = Lock()

    def read(self) -> FetchRecord:
        return self._record

    def write(self, record: FetchRecord) -> None:
        self._record = record

    @contextmanager
    def claim(self) -> Iterator[None]:
        if not self._lock.acquire(blocking=False):
            raise FetchRunning("the model is being fetched already; wait until that has ended", retry_after=60)
        try:
            yield
        finally:
            self._lock.release()
