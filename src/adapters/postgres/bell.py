import asyncio
import time
from asyncio import Event, Lock, timeout
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

from adapters.postgres.database import Connection, Database, connect
from adapters.postgres.errors import translated
from adapters.postgres.notices import CHANNEL
from domain.ids import UserId
from domain.notifications import Bell, Rung

LISTENED = 60.0
"""Seconds that the word of somebody who listens holds; it is given again after a quarter of them."""

_LISTEN = f"""
insert into listeners (user_id, until) values ($1, now() + interval '{LISTENED} seconds')
on conflict (user_id) do update set until = excluded.until"""  # noqa: S608 — made of constants


class PostgresBell(Bell):
    """By LISTEN and NOTIFY: one connection for all who listen in this process, while there are any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rings: defaultdict[UUID, set[Event]] = defaultdict(set)
        self._connection: Connection | None = None
        self._connecting = Lock()

    @asynccontextmanager
    async def listening(self, user_id: UserId) -> AsyncIterator[Rung]:
        ring, said = Event(), 0.0

        async def rung(seconds: float) -> None:
            nonlocal said
            if time.monotonic() - said > LISTENED / 4:
                await self._listen(user_id)
                said = time.monotonic()
            with suppress(TimeoutError):
                async with timeout(seconds):
                    await ring.wait()
            ring.clear()

        self._rings[user_id].add(ring)
        try:
            await self._listen(user_id)
            said = time.monotonic()
            yield rung
        finally:
            self._rings[user_id].discard(ring)
            await asyncio.shield(self._left(user_id))

    async def _listen(self, user_id: UserId) -> None:
        """Have rings come in, and say so where those who ring can see it."""
        async with self._connecting:
            if self._connection is None or self._connection.is_closed():
                with translated():
                    self._connection = await connect(self._database.url)
                    await self._connection.add_listener(CHANNEL, self._heard)
        async with self._database.reading() as connection:
            await connection.execute(_LISTEN, user_id)

    async def _left(self, user_id: UserId) -> None:
        if not self._rings[user_id]:
            del self._rings[user_id]
        async with self._connecting:
            if not self._rings and self._connection is not None:
                connection, self._connection = self._connection, None
                await connection.close()

    def _heard(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        for ring in self._rings.get(UUID(str(payload)), ()):
            ring.set()
