"""Fetching the main model: where from, what was tried, and when to try again."""

from abc import abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from domain.conversion import ProgressReporter
from domain.errors import Unavailable
from domain.model_source import ModelSource

FIRST_DELAY, MAX_DELAY = timedelta(hours=1), timedelta(hours=24)
"""Until the next round of attempts after the first failed one, and after many."""
JITTER = 0.25
"""A delay is longer or shorter by up to this part of it, so that many machines do not ask a source at once."""
ATTEMPTS_KEPT = 20
REMEDY = (
    "try again with `tintype model fetch`, install a local copy with `tintype model install PATH` (an .onnx file, or "
    "the folder of a SavedModel), or name a mirror in TINTYPE_MODEL_URLS"
)


@dataclass(frozen=True, slots=True)
class DownloadLimits:
    """What a download may take: seconds until the first byte, without a byte, and in all; bytes of the archive and of
    what is in it; how many files. MobileNetV2 has 13 MB in five files."""

    first_byte_timeout: float = 10.0
    idle_timeout: float = 10.0
    total_timeout: float = 600.0
    archive_bytes: int = 100_000_000
    unpacked_bytes: int = 200_000_000
    files: int = 1_000


@dataclass(frozen=True, slots=True)
class DownloadedModel:
    """A SavedModel's folder; the SHA-256 and the size of the archive it was in."""

    folder: Path
    sha256: str
    size: int


class DownloadFailed(Unavailable):
    """A source did not give the model. `transient`: the same request may succeed in a few seconds."""

    code = "download_failed"

    def __init__(self, detail: str, *, transient: bool) -> None:
        super().__init__(detail, retry_after=60)
        self.transient = transient


class FetchFailed(Unavailable):
    """No source gave a model that could be installed."""

    code = "fetch_failed"


class FetchRunning(Unavailable):
    """Another process fetches the model for the same TINTYPE_HOME."""

    code = "fetch_running"


class FetchOutcome(StrEnum):
    INSTALLED = "installed"
    SUPERSEDED = "superseded"
    """An operator had installed another model by then; it stays."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FetchAttempt:
    """One request to one source, and what came of it. `source` is its name: never an address with a secret in it."""

    at: datetime
    source: str
    outcome: FetchOutcome
    detail: str


@dataclass(frozen=True, slots=True)
class FetchRecord:
    """What is remembered of the attempts: the latest, oldest first, how many rounds in a row failed, and before which
    moment the program starts no other by itself."""

    attempts: tuple[FetchAttempt, ...] = ()
    failures: int = 0
    next_at: datetime | None = None

    def start_round(self, now: datetime, jitter: Callable[[], float]) -> "FetchRecord":
        """At the start of a round it counts as failed: a process that is killed in the middle must not begin again at
        each start of the service."""
        failures = self.failures + 1
        return replace(self, failures=failures, next_at=now + retry_delay(failures, jitter))

    def add_attempt(self, attempt: FetchAttempt) -> "FetchRecord":
        attempts = (*self.attempts, attempt)[-ATTEMPTS_KEPT:]
        if attempt.outcome is FetchOutcome.FAILED:
            return replace(self, attempts=attempts)
        return FetchRecord(attempts)

    @property
    def latest_attempts(self) -> tuple[FetchAttempt, ...]:
        """The latest attempt at each source."""
        return tuple({attempt.source: attempt for attempt in self.attempts}.values())

    def time_until_due(self, now: datetime) -> timedelta:
        """How long until the next round is due; nothing when it is. A moment that lies too far ahead was written by a
        clock that was wrong."""
        if self.next_at is None or self.next_at - now > MAX_DELAY * (1 + JITTER):
            return timedelta()
        return max(self.next_at - now, timedelta())


def retry_delay(failures: int, jitter: Callable[[], float]) -> timedelta:
    """Until the next round after so many failed ones in a row: doubled each time. `jitter` gives numbers in [0, 1)."""
    doubled: timedelta = FIRST_DELAY * (1 << min(failures - 1, 10))
    return min(doubled, MAX_DELAY) * (1 - JITTER + 2 * JITTER * jitter())


class ModelDownloader(Protocol):
    @abstractmethod
    def download(self, source: ModelSource, report: ProgressReporter) -> AbstractAsyncContextManager[DownloadedModel]:
        """The SavedModel of a source, in a folder that exists as long as the block.

        Raises `DownloadFailed` on entering: the source does not answer in time, refuses, breaks off, sends too much,
        something that is no archive of a SavedModel, or an archive with another hash than the source's own.
        """


class FetchRecords(Protocol):
    """The record of one TINTYPE_HOME, shared by the processes that use it."""

    @abstractmethod
    def read(self) -> FetchRecord:
        """The record; an empty one when there is none, or when it is damaged. Raises `StorageUnavailable`."""

    @abstractmethod
    def write(self, record: FetchRecord) -> None:
        """Replace the record, durably. Raises `StorageUnavailable`."""

    @abstractmethod
    def claim(self) -> AbstractContextManager[None]:
        """Only one process, and one task in it, is in such a block; the claim ends with its process.

        Raises `FetchRunning` at once on entering while another has it, and `StorageUnavailable`.
        """
