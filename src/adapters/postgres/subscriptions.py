import asyncio
import logging
from asyncio import Event, Lock, Task, timeout
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

from adapters.postgres.database import CLOSE_TIMEOUT, Connection, Database
from adapters.postgres.errors import translate_errors
from adapters.postgres.notifications import CHANNEL
from domain.errors import Unavailable
from domain.ids import UserId
from domain.notifications import Subscriptions, Wait

REGISTRATION_SECONDS = 60.0
"""Lifetime of a registration in `listeners`, in seconds. All registrations of a process are renewed after a quarter of
it."""

# listeners_pkey
_REGISTER = f"""
insert into listeners (user_id, until)
select person, now() + interval '{REGISTRATION_SECONDS} seconds' from unnest($1::uuid[]) as person order by person
on conflict (user_id) do update set until = excluded.until"""

# notifications_user_id_id_idx
_NEWEST = """
select person, (select id from notifications where user_id = person order by id desc limit 1) as newest
from unnest($1::uuid[]) as person"""

logger = logging.getLogger("tintype.postgres")


class PostgresSubscriptions(Subscriptions):
    """Subscriptions by LISTEN and NOTIFY. A process has one listening connection, and one task that renews the
    registrations and checks for missed notifications, with two statements for all subscribers together. Both exist only
    while there are subscribers."""

    def __init__(self, database: Database, interval: float = REGISTRATION_SECONDS / 4) -> None:
        self._database = database
        self._interval = interval
        self._subscribers: defaultdict[UUID, set[Event]] = defaultdict(set)
        self._newest: dict[UUID, UUID | None] = {}
        self._connection: Connection | None = None
        self._maintenance: Task[None] | None = None
        self._lock = Lock()
        self._connection_lost = Event()

    @asynccontextmanager
    async def subscribe(self, user_id: UserId) -> AsyncIterator[Wait]:
        event = Event()

        async def wait(seconds: float) -> bool:
            try:
                async with timeout(seconds):
                    await event.wait()
            except TimeoutError:
                return False
            event.clear()
            return True

        self._subscribers[user_id].add(event)
        try:
            await self._listen()
            await self._register([user_id])
            yield wait
        finally:
            self._subscribers[user_id].discard(event)
            await asyncio.shield(self._unsubscribe(user_id))

    async def _listen(self) -> None:
        async with self._lock:
            if self._maintenance is None:
                self._maintenance = asyncio.create_task(self._maintain())
            if self._connection is not None and not self._connection.is_closed():
                return
            with translate_errors():
                connection = await self._database.connect_directly()
                try:
                    await connection.add_listener(CHANNEL, self._receive)
                except BaseException:  # also on cancellation: others would wait on a connection that does not listen
                    connection.terminate()
                    raise
            connection.add_termination_listener(lambda _connection: self._connection_lost.set())
            self._connection = connection

    async def _register(self, people: Sequence[UUID]) -> None:
        """Register subscribers. Writers of notifications signal registered users only."""
        async with self._database.connection() as connection:
            await connection.execute(_REGISTER, people)

    async def _unsubscribe(self, user_id: UserId) -> None:
        async with self._lock:
            if not self._subscribers[user_id]:
                del self._subscribers[user_id]
                self._newest.pop(user_id, None)
            if self._subscribers:
                return
            maintenance, self._maintenance = self._maintenance, None
            connection, self._connection = self._connection, None
        if maintenance is not None:
            maintenance.cancel()
            await asyncio.gather(maintenance, return_exceptions=True)
        if connection is not None:
            with suppress(TimeoutError):
                await connection.close(timeout=CLOSE_TIMEOUT)

    async def _maintain(self) -> None:
        pause = self._interval
        while True:
            with suppress(TimeoutError):
                async with timeout(pause):
                    await self._connection_lost.wait()
            self._connection_lost.clear()
            try:
                if self._connection is None or self._connection.is_closed():
                    await self._listen()
                    self._newest.clear()  # notifications may have been missed: every subscriber reads
                await self._wake_missed()
                pause = self._interval
            except Unavailable as error:
                logger.warning("notifications are delayed until the database responds: %s", error.operator_message)
                pause = self._interval / 15

    async def _wake_missed(self) -> None:
        """Wake the subscribers whose newest notification has changed. A signal is lost when its connection is lost, or
        when a notification is written just before a registration and committed after it."""
        people = list(self._subscribers)
        await self._register(people)
        async with self._database.connection() as connection:
            rows = await connection.fetch(_NEWEST, people)
        for row in rows:
            person, newest = row["person"], row["newest"]
            if person in self._subscribers and self._newest.get(person, "unknown") != newest:
                self._newest[person] = newest
                self._wake(person)

    def _receive(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        self._wake(UUID(str(payload)))

    def _wake(self, user_id: UUID) -> None:
        for event in self._subscribers.get(user_id, ()):
            event.set()
