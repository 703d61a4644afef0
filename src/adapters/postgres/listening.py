"""pgqueuer's driver, with its own check delayed until it listens."""

import asyncio

import asyncpg
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.ports.driver import NotifyCallback


class ListeningDriver(AsyncpgPoolDriver):
    """pgqueuer checks its listener by a notification to itself, and starts that check before it listens. The
    notification uses another connection, so it may reach PostgreSQL first and be lost; the check would fail ten seconds
    later."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__(pool)
        self._listening = asyncio.Event()

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        await super().add_listener(channel, callback)
        self._listening.set()

    async def notify(self, channel: str, payload: str) -> None:
        await self._listening.wait()
        await super().notify(channel, payload)
