"""The way to PostgreSQL: one bounded pool for reads and writes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.postgres.errors import translate_errors

Connection: TypeAlias = asyncpg.Connection

POOL_SIZE = 10
CONNECTION_TIMEOUT = 10
"""Seconds a request waits for a free connection before it is told that the database is busy."""

_SESSION_SETTINGS = {
    "application_name": "tintype",
    "timezone": "UTC",
    "jit": "off",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    # pgvector's: go on along the index until enough rows pass the filter, rather than answer with too few.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": "100",
}


class Database:
    """Opens no connection before the first use. `url` is any that libpq takes; a callable is asked at each connection,
    since the embedded server's address is known only while it runs."""

    def __init__(self, url: str | Callable[[], str], pool_size: int = POOL_SIZE) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=pool_size,
            max_overflow=0,  # connections opened beyond the pool are closed again at once: slower than waiting
            pool_timeout=CONNECTION_TIMEOUT,
            pool_reset_on_return=None,  # every use below ends its own transaction: a second ROLLBACK costs a round trip
            pool_use_lifo=True,
        )

    @asynccontextmanager
    async def connection(self, milliseconds: int | None = None) -> AsyncIterator[Connection]:
        """A connection for statements that stand alone; no transaction is opened around them, unless there are
        `milliseconds`, after which PostgreSQL cancels a statement. Such statements are planned for their parameters
        each time: what is quick for one word takes seconds for another."""
        with translate_errors():
            async with self._engine.connect() as connection:
                await _replace_closed(connection)
                raw = await driver_connection(connection)
                if milliseconds is None:
                    yield raw
                    return
                async with raw.transaction():
                    await raw.execute(
                        f"set local statement_timeout = {milliseconds}; set local plan_cache_mode = force_custom_plan"
                    )
                    yield raw

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A connection inside a transaction, rolled back at the end unless its user committed."""
        with translate_errors():
            async with self._engine.connect() as connection:
                await _replace_closed(connection)
                await connection.begin()
                # SQLAlchemy sends BEGIN with its first own statement only. What is sent to the driver before it (a
                # like, a job) would stand outside and survive a rollback.
                await connection.exec_driver_sql("select 1")
                yield connection

    @property
    def url(self) -> str:
        return self._url if isinstance(self._url, str) else self._url()

    async def _connect(self, **options: Any) -> Connection:
        return await connect(self.url, **options)

    async def close(self) -> None:
        """Close the pool; using it again opens a new one."""
        await self._engine.dispose()


async def _replace_closed(connection: AsyncConnection) -> None:
    """Replace a connection that was cut while it lay in the pool (a restarted server), which SQLAlchemy cannot know of
    where the driver is spoken to by hand. Asks the driver, not the server."""
    while (await driver_connection(connection)).is_closed():
        await connection.invalidate()


async def driver_connection(connection: AsyncConnection) -> Connection:
    """The driver's own connection, for SQL that is written by hand."""
    return (await connection.get_raw_connection()).driver_connection


async def connect(url: str, **options: Any) -> Connection:
    """One connection with this program's session settings."""
    return await asyncpg.connect(url, server_settings=_SESSION_SETTINGS, timeout=CONNECTION_TIMEOUT, **options)
