"""Fetching of the main model: sources, attempts and retries."""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from domain.errors import Unavailable
from domain.vision.conversion import ProgressReporter
from domain.vision.model_source import ModelSource

FIRST_DELAY, MAX_DELAY = timedelta(hours=1), timedelta(hours=24)
"""Delay until the next round of attempts after the first failed round, and the maximum delay."""
JITTER = 0.25
"""A delay varies by up to this share of it, so that many machines do not contact a source at once."""
ATTEMPTS_KEPT = 20


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """The limits of a download: seconds until the first byte, without a byte, and in total; bytes of the archive and of
    its content; the number of files. MobileNetV2 has 13 MB in five files."""

    first_byte_timeout: float = 10.0
    idle_timeout: float = 10.0
    total_timeout: float = 600.0
    archive_bytes: int = 100_000_000
    unpacked_bytes: int = 200_000_000
    files: int = 1_000


@dataclass(frozen=True, slots=True)
class DownloadedModel:
    """The folder of a SavedModel, and the SHA-256 and size of its archive."""

    folder: Path
    sha256: str
    size: int


class DownloadFailed(Unavailable):
    """A source did not deliver the model. `transient`: the same request may succeed within seconds."""

    code = "download_failed"

    def __init__(self, detail: str, *, transient: bool) -> None:
        super().__init__(detail, retry_after=60)
        self.transient = transient


class FetchFailed(Unavailable):
    """No source delivered a model that could be installed."""

    code = "fetch_failed"


class FetchRunning(Unavailable):
    """Another process of this installation is fetching the model."""

    code = "fetch_running"


class FetchOutcome(StrEnum):
    INSTALLED = "installed"
    SUPERSEDED = "superseded"
    """An operator installed another model meanwhile. That model is kept."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FetchAttempt:
    """One request to one source, and its outcome. `source` is a name, never an address that contains a secret."""

    at: datetime
    source: str
    outcome: FetchOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """The stored attempts, oldest first, the number of consecutive failed rounds, and the earliest time of the next
    automatic round."""

    attempts: tuple[FetchAttempt, ...] = ()
    failures: int = 0
    next_at: datetime | None = None

    def start_round(self, now: datetime, jitter: Callable[[], float]) -> "FetchRecord":
        """Count the round as failed when it starts, so that a process killed in the middle does not start a new round
        each time the service starts."""
        failures = self.failures + 1
        return replace(self, failures=failures, next_at=now + retry_delay(failures, jitter))

    def add_attempt(self, attempt: FetchAttempt) -> "FetchRecord":
        attempts = (*self.attempts, attempt)[-ATTEMPTS_KEPT:]
        if attempt.outcome is FetchOutcome.FAILED:
            return replace(self, attempts=attempts)
        return FetchRecord(attempts)

    @property
    def latest_attempts(self) -> tuple[FetchAttempt, ...]:
        """Return the latest attempt at each source."""
        return tuple({attempt.source: attempt for attempt in self.attempts}.values())

    def time_until_due(self, now: datetime) -> timedelta:
        """Return the time until the next round is due; zero when it is. A time too far in the future was written with a
        wrong clock and is ignored."""
        if self.next_at is None or self.next_at - now > MAX_DELAY * (1 + JITTER):
            return timedelta()
        return max(self.next_at - now, timedelta())


def retry_delay(failures: int, jitter: Callable[[], float]) -> timedelta:
    """Return the delay after that many consecutive failed rounds. It doubles each time. `jitter` returns numbers in [0,
    1)."""
    doubled: timedelta = FIRST_DELAY * (1 << min(failures - 1, 10))
    return min(doubled, MAX_DELAY) * (1 - JITTER + 2 * JITTER * jitter())


class ModelDownloader(Protocol):
    @abstractmethod
    def download(self, source: ModelSource, report: ProgressReporter) -> AbstractAsyncContextManager[DownloadedModel]:
        """Download the SavedModel of a source. Its folder exists for the duration of the block.

        Raises `DownloadFailed` on entering: the source times out, refuses, closes the connection, sends too much, sends
        no archive of a SavedModel, or sends one with another hash than the expected one.
        """


class FetchRecords(Protocol):
    """The fetch record of an installation, shared by its processes."""

    @abstractmethod
    def read(self) -> FetchRecord:
        """Return the record; an empty one if it is absent or damaged. Raises `StorageUnavailable`."""

    @abstractmethod
    def write(self, record: FetchRecord) -> None:
        """Replace the record durably. Raises `StorageUnavailable`."""

    @abstractmethod
    def claim(self) -> AbstractContextManager[None]:
        """Claim the right to fetch. At most one process, and one task in it, holds the claim; it ends with the process.

        Raises `FetchRunning` immediately on entering while another holds it, and `StorageUnavailable`.
        """
