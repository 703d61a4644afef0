"""Upload quotas for each user and UTC day. Deletion does not restore quota, because the bytes remain until the
sweep."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol

from domain.errors import TooMany
from domain.ids import UserId

RETENTION_DAYS = 2
"""Days after which the totals of a day are no longer needed."""
_GIBIBYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class DailyUploads:
    """A user's uploads of one day: the number of files, and their bytes as sent."""

    images: int = 0
    bytes: int = 0

    def with_file(self, size: int) -> "DailyUploads":
        return DailyUploads(self.images + 1, self.bytes + size)


class QuotaExceeded(TooMany):
    """The quota of the day is used up."""


@dataclass(frozen=True, slots=True)
class DailyQuota:
    """The daily limits; 0 means no limit."""

    images: int = 1_000
    bytes: int = 2 * _GIBIBYTE

    def check(self, uploaded: DailyUploads, now: datetime) -> None:
        """Raise `QuotaExceeded` if `uploaded` exceeds a limit."""
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
    """The daily upload totals of a unit of work."""

    @abstractmethod
    async def daily_uploads(self, user_id: UserId, day: date) -> DailyUploads:
        """Return the user's uploads of that day."""

    @abstractmethod
    async def add(self, user_id: UserId, day: date, size: int) -> DailyUploads:
        """Add a file of `size` bytes and return the total of the day, including concurrent additions. Raises
        `UserNotFound` when the account was deleted meanwhile."""

    @abstractmethod
    async def delete_before(self, before: date) -> int:
        """Delete the totals of earlier days. Return the number of rows."""


def _seconds_until_midnight(now: datetime) -> float:
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), datetime.min.time(), UTC)
    return (midnight - now).total_seconds()
