from asyncio import Semaphore, timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.errors import Unavailable

RETRY_AFTER = 5.0
"""Seconds, which a client is told to wait."""


class ConcurrencyLimit:
    """Limits how many costly statements of a kind run at once, so that the pool has connections left for cheap ones."""

    def __init__(self, kind: str, number: int, seconds: float) -> None:
        """`seconds`: how long a statement waits for its slot."""
        self._kind = kind
        self._number = number
        self._seconds = seconds
        self._slots = Semaphore(number)

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Raises `Unavailable` when no slot becomes free in time."""
        try:
            async with timeout(self._seconds):
                await self._slots.acquire()
        except TimeoutError:
            detail = f"{self._number} {self._kind} are running, the most at once; try again in a moment"
            raise Unavailable(detail, retry_after=RETRY_AFTER, limit=self._number) from None
        try:
            yield
        finally:
            self._slots.release()
