"""A lock that units of work share and the sweep holds exclusively."""

from asyncio import Condition
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class SharedExclusiveLock:
    """Lets shared holders pass a waiting exclusive one. A unit of work may hold rows that another holder waits for; if
    it had to wait behind the sweep, which waits for that holder, they would deadlock."""

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
