from asyncio import Semaphore, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.errors import Unavailable

RETRY_AFTER = 5.0
"""Seconds, reported to the client as `retry_after`."""


class StatementLimit:
    """Limits how many expensive statements of a kind run at once, so that the pool has connections left for cheap
    ones."""

    def __init__(self, kind: str, number: int, seconds: float) -> None:
        """Create a limit. `seconds` is how long a statement waits for its slot."""
        self._kind = kind
        self._number = number
        self._seconds = seconds
        self._slots = Semaphore(number)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot during the block. Raises `Unavailable` when no slot becomes free in time."""
        try:
            async with timeout(self._seconds):
                await self._slots.acquire()
        except TimeoutError:
            detail = f"{self._number} {self._kind} are running, which is the limit; try again in a few seconds"
            raise Unavailable(detail, retry_after=RETRY_AFTER, limit=self._number) from None
        try:
            yield
        finally:
            self._slots.release()
