from datetime import UTC, datetime, timedelta

from domain.clock import Clock

FIRST_READING = datetime(2026, 1, 1, 12, tzinfo=UTC)
TICK = timedelta(milliseconds=1)


class MemoryClock(Clock):
    """Advances by a millisecond at each reading: equal in every run, and never constant."""

    def __init__(self) -> None:
        self._now = FIRST_READING - TICK

    def now(self) -> datetime:
        self._now += TICK
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by
