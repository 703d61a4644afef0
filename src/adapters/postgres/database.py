"""Access to PostgreSQL: bounded connection pools for statements and for transactions."""

from asyncio import timeout
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from adapters.postgres.connecting import (
    POOLER_SETTINGS,
    SERVER_SETTINGS,
    STATEMENT_TIMEOUT,
    CheckedConnection,
    Connection,
    Connector,
    Row,
    command_timeout,
)
from adapters.postgres.errors import all_connections_in_use, translate_errors
from adapters.postgres.traced_connection import traced_connection_class
from adapters.postgres.transaction import Transaction
from domain.tracing import Tracing

__all__ = ["CLOSE_TIMEOUT", "STATEMENT_TIMEOUT", "Connection", "Database", "Row"]

POOL_SIZE = 10
"""The most connections for units of work, and for single statements whose plan is kept."""
PLANNING_POOL_SIZE = 5
"""The most connections for statements that are planned at each call."""

CONNECTION_TIMEOUT = 10
"""Seconds that a request waits for a free connection before the database is reported as busy."""

RELEASE_TIMEOUT = 2
"""Seconds in which a connection has to confirm that its statement is cancelled. Later it is closed."""

CLOSE_TIMEOUT = 5
"""Seconds to close the connections of a pool."""

KEPT_PLANS = {"plan_cache_mode": "force_generic_plan"}
NEW_PLANS = {"plan_cache_mode": "force_custom_plan"}


class Database:
    """Connection pools for single statements and for units of work, so that neither waits for the other. Connections
    are opened at first use. `url` is any URL that libpq accepts, with one host or several.

    With `direct_url`, `url` leads to a pooler (pgbouncer in transaction mode). What needs a session of its own then
    uses `direct_url` (ADR 53).
    """

    def __init__(
        self,
        url: str | Callable[[], str],
        pool_size: int = POOL_SIZE,
        direct_url: str = "",
        statement_timeout: int = STATEMENT_TIMEOUT,
        tracing: Tracing | None = None,
    ) -> None:
        self._connection_class = traced_connection_class(tracing) if tracing else CheckedConnection
        self._pool_size = pool_size
        self._pooled = bool(direct_url)
        self._timeout = statement_timeout
        server_settings = POOLER_SETTINGS | SERVER_SETTINGS | {"statement_timeout": f"{statement_timeout}ms"}
        seconds = command_timeout(statement_timeout)
        self._connector = Connector(url, POOLER_SETTINGS if direct_url else server_settings, seconds)
        self._direct = Connector(direct_url, server_settings, seconds) if direct_url else self._connector
        self._pools: dict[tuple[tuple[str, str], ...], asyncpg.Pool] = {}

    @property
    def url(self) -> str:
        return self._connector.url

    @property
    def direct_url(self) -> str:
        """The address of the server itself."""
        return self._direct.url

    @property
    def is_pooled(self) -> bool:
        """Whether `url` leads to a pooler."""
        return self._pooled

    async def connect_directly(self, **options: Any) -> Connection:
        """Open a connection to the server itself, for LISTEN, locks of a session and long statements. The caller closes
        it."""
        return await self._direct.connect(**options)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Return a connection for independent statements, without a transaction. PostgreSQL plans a statement once for
        each connection, for any parameters: planning often takes longer than the statement."""
        async with self._acquire(self._pool_size, self._timeout, KEPT_PLANS) as connection:
            yield connection

    @asynccontextmanager
    async def planning_connection(self, milliseconds: int = STATEMENT_TIMEOUT) -> AsyncIterator[Connection]:
        """Return a connection that plans each call for its parameters, for statements where a plan that is fast for one
        value takes seconds for another. PostgreSQL cancels a statement after `milliseconds`. Behind a pooler, each
        use is a transaction, because another one may get another session."""
        settings = {**NEW_PLANS, "statement_timeout": f"{milliseconds}ms"}
        async with self._acquire(PLANNING_POOL_SIZE, milliseconds, settings) as connection:
            if not self._pooled:
                yield connection
                return
            async with Transaction(connection, _set_locally(settings)) as transaction:
                yield connection
                await transaction.commit()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Return a transaction, which is rolled back at the end unless it was committed."""
        settings = _set_locally({"plan_cache_mode": "auto"}) if self._pooled else ""
        async with (
            self._acquire(self._pool_size, self._timeout, {}) as connection,
            Transaction(connection, settings) as transaction,
        ):
            yield transaction

    async def close(self) -> None:
        """Close the pools. Further use opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            with suppress(TimeoutError):  # the pool then terminates its connections
                async with timeout(CLOSE_TIMEOUT):
                    await pool.close()

    @asynccontextmanager
    async def _acquire(self, pool_size: int, milliseconds: int, settings: dict[str, str]) -> AsyncIterator[Connection]:
        with translate_errors():
            pool = self._pool(pool_size, milliseconds, settings)
            await pool  # opened at the first use
            try:
                async with timeout(CONNECTION_TIMEOUT):  # the pool's own timeout would start a task
                    connection = await pool.acquire()
            except TimeoutError:
                raise all_connections_in_use() from None
            try:
                yield connection
            except TimeoutError:
                with suppress(asyncpg.InterfaceError):  # a transaction has closed it already
                    connection.terminate()  # its server is silent, and would not confirm a cancellation either
                await self._expire_connections()
                raise
            finally:
                with suppress(TimeoutError):  # the pool has closed the connection
                    await pool.release(connection, timeout=RELEASE_TIMEOUT)

    def _pool(self, size: int, milliseconds: int, settings: dict[str, str]) -> asyncpg.Pool:
        """Return the pool of connections with these settings."""
        key = tuple(settings.items())
        if key not in self._pools:
            self._pools[key] = asyncpg.create_pool(
                min_size=0,
                max_size=size,
                connect=self._connect,
                connection_class=self._connection_class,
                record_class=Row,
                reset=_keep_session,
                command_timeout=command_timeout(milliseconds),
                server_settings={} if self._pooled else settings,
            )
        return self._pools[key]

    async def _connect(self, *_address: Any, **options: Any) -> Connection:
        return await self._connector.connect(**options)

    async def _expire_connections(self) -> None:
        """Replace all idle connections at their next use: they probably lead to the same silent server."""
        for pool in self._pools.values():
            await pool.expire_connections()


def _set_locally(settings: dict[str, str]) -> str:
    return "; ".join(f"set local {name} = '{value}'" for name, value in settings.items())


async def _keep_session(_connection: Connection) -> None:
    """Skip the driver's reset between two uses, which is a round trip. No statement changes a setting of the session
    outside a transaction."""
