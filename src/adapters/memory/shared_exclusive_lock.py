"""Many may hold blobs, or one may sweep them."""

from asyncio import Condition
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SharedExclusiveLock:
    """Whoever comes while a sweep waits goes before it: a unit of work that has rows locked already must never stand
    behind a sweep that waits for another one, which waits for those rows."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._holders = 0
        self._is_exclusive = False

    async def acquire_shared(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_exclusive)
            self._holders += 1

    async def release_shared(self) -> None:
        async with self._changed:
            self._holders -= 1
            self._changed.notify_all()

    @asynccontextmanager
    async def exclusive(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not (self._is_exclusive or self._holders))
            self._is_exclusive = True
        try:
            yield
        finally:
            async with self._changed:
                self._is_exclusive = False
                self._changed.notify_all()
