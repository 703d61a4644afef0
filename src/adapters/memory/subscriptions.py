from asyncio import timeout
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from adapters.memory.store import MemoryStore
from domain.ids import UserId
from domain.notifications import Subscriptions, Wait


class MemorySubscriptions(Subscriptions):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    @asynccontextmanager
    async def subscribe(self, user_id: UserId) -> AsyncIterator[Wait]:
        seen = self._store.signals.get(user_id, 0)

        async def wait(seconds: float) -> bool:
            nonlocal seen
            async with self._store.signals_changed:
                with suppress(TimeoutError):
                    async with timeout(seconds):
                        await self._store.signals_changed.wait_for(lambda: self._store.signals.get(user_id, 0) > seen)
            before, seen = seen, self._store.signals.get(user_id, 0)
            return seen > before

        yield wait
