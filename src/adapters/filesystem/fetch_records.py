"""The record of fetching the main model: `<home>/models/fetch.json`."""

import fcntl
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from adapters.filesystem.durable import make_folder, translate_os_errors, write_durably
from domain.vision.model_fetch import FetchAttempt, FetchOutcome, FetchRecord, FetchRecords, FetchRunning

logger = logging.getLogger("tintype.model")


class FilesystemFetchRecords(FetchRecords):
    """Every write replaces `fetch.json`, so the lock is on a separate file, `fetch.lock`."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "models"
        self._file = self._folder / "fetch.json"

    def read(self) -> FetchRecord:
        with translate_os_errors(self._folder):
            try:
                return _parse_record(json.loads(self._file.read_bytes()))
            except FileNotFoundError:
                return FetchRecord()
            except (ValueError, LookupError, TypeError) as fault:
                logger.warning("%s is damaged (%s); fetching starts again", self._file, fault)
                return FetchRecord()

    def write(self, record: FetchRecord) -> None:
        with translate_os_errors(self._folder):
            write_durably(self._file, json.dumps(asdict(record), indent=2, default=datetime.isoformat).encode())

    @contextmanager
    def claim(self) -> Iterator[None]:
        with translate_os_errors(self._folder):
            make_folder(self._folder)
            lock = os.open(self._folder / "fetch.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                detail = "another process is fetching the model into this TINTYPE_HOME; wait until it has finished"
                raise FetchRunning(detail, retry_after=60) from None
            yield
        finally:
            os.close(lock)


def _parse_record(stored: Any) -> FetchRecord:
    return FetchRecord(
        tuple(_parse_attempt(attempt) for attempt in stored["attempts"]),
        int(stored["failures"]),
        _parse_time(stored["next_at"]) if stored["next_at"] else None,
    )


def _parse_attempt(stored: Any) -> FetchAttempt:
    outcome = FetchOutcome(stored["outcome"])
    return FetchAttempt(_parse_time(stored["at"]), str(stored["source"]), outcome, str(stored["detail"]))


def _parse_time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if time.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return time
