"""How much a person may upload a day (UTC). Deleting gives nothing back: the bytes stay until the sweep."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from domain.errors import TooMany
from domain.ids import UserId

RETENTION_DAYS = 2
"""Days after which nobody asks for a day's uploads."""
_GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class DailyUploads:
    """What a person uploaded on one day: files, and the bytes of the files as they were sent."""

    images: int = 0
    bytes: int = 0

    def with_file(self, size: int) -> "DailyUploads":
        return DailyUploads(self.images + 1, self.bytes + size)


class QuotaExceeded(TooMany):
    """The day's uploads are used up."""


@dataclass(frozen=True, slots=True)
class DailyQuota:
    """0 for no limit."""

    images: int = 1_000
    bytes: int = 2 * _GIBIBYTE

    def check(self, uploaded: DailyUploads, now: datetime) -> None:
        """Raises `QuotaExceeded` if so much is more than a day takes."""
        wait = _seconds_until_midnight(now)
        if 0 < self.images < uploaded.images:
            raise QuotaExceeded(
                f"at most {self.images} images are allowed a day; upload the others tomorrow (days begin at 00:00 UTC)",
                retry_after=wait,
                limit=self.images,
                actual=uploaded.images,
            )
        if 0 < self.bytes < uploaded.bytes:
            raise QuotaExceeded(
                f"at most {self.bytes / _GIBIBYTE:.3g} GiB are allowed a day, and this file would make it "
                f"{uploaded.bytes / _GIBIBYTE:.3g}; upload it tomorrow (days begin at 00:00 UTC) or make it smaller",
                retry_after=wait,
                limit=self.bytes,
                actual=uploaded.bytes,
            )


class Quotas(Protocol):
    """The days' uploads of a unit of work."""

    @abstractmethod
    async def daily_uploads(self, user_id: UserId, day: date) -> DailyUploads:
        """What the person uploaded that day."""

    @abstractmethod
    async def add(self, user_id: UserId, day: date, size: int) -> DailyUploads:
        """Count one more file of so many bytes, and say what the day comes to, with what others add at the same time.
        Raises `UserNotFound` when the account has just gone."""

    @abstractmethod
    async def delete_before(self, before: date) -> int:
        """Drop the days before that one; how many rows."""


def _seconds_until_midnight(now: datetime) -> float:
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    return (midnight - now).total_seconds()
