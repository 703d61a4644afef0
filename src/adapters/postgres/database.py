"""Access to PostgreSQL: one bounded connection pool for reads and writes."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from adapters.postgres.errors import translate_errors

Connection: TypeAlias = asyncpg.Connection

POOL_SIZE = 10
CONNECTION_TIMEOUT = 10
"""Seconds that a request waits for a free connection before the database is reported as busy."""

_SESSION_SETTINGS = {
    "application_name": "tintype",
    "timezone": "UTC",
    "jit": "off",
    "lock_timeout": "10s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    # A setting of pgvector: continue along the index until enough rows pass the filter, rather than return too few.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": "100",
}


class Database:
    """A connection pool. Connections are opened at first use. `url` is any URL that libpq accepts. A callable is
    evaluated for each connection, because the embedded server's address is known only while it runs."""

    def __init__(self, url: str | Callable[[], str], pool_size: int = POOL_SIZE) -> None:
        self._url = url
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=pool_size,
            max_overflow=0,  # connections beyond the pool would be closed again at once, which is slower than waiting
            pool_timeout=CONNECTION_TIMEOUT,
            pool_reset_on_return=None,  # every use below ends its own transaction; a second ROLLBACK costs a round trip
            pool_use_lifo=True,
        )

    @asynccontextmanager
    async def connection(self, milliseconds: int | None = None) -> AsyncIterator[Connection]:
        """Return a connection for independent statements, without a transaction, unless `milliseconds` are given, after
        which PostgreSQL cancels a statement. Such statements are planned for their parameters each time: a plan that is
        fast for one word takes seconds for another."""
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
        """Return a connection in a transaction, which is rolled back at the end unless it was committed."""
        with translate_errors():
            async with self._engine.connect() as connection:
                await _replace_closed(connection)
                await connection.begin()
                # SQLAlchemy sends BEGIN with its own first statement. Statements sent to the driver before it (a like,
                # a job) would be outside the transaction and survive a rollback.
                await connection.exec_driver_sql("select 1")
                yield connection

    @property
    def url(self) -> str:
        return self._url if isinstance(self._url, str) else self._url()

    async def _connect(self, **options: Any) -> Connection:
        return await connect(self.url, **options)

    async def close(self) -> None:
        """Close the pool. Further use opens a new one."""
        await self._engine.dispose()


async def _replace_closed(connection: AsyncConnection) -> None:
    """Replace a pooled connection that was closed meanwhile (by a restart of the server). SQLAlchemy does not notice
    this for statements sent to the driver. Asks the driver, not the server."""
    while (await driver_connection(connection)).is_closed():
        await connection.invalidate()


async def driver_connection(connection: AsyncConnection) -> Connection:
    """Return the driver's own connection, for hand-written SQL."""
    return (await connection.get_raw_connection()).driver_connection


async def connect(url: str, **options: Any) -> Connection:
    """Open one connection with this program's session settings."""
    return await asyncpg.connect(url, server_settings=_SESSION_SETTINGS, timeout=CONNECTION_TIMEOUT, **options)
