"""Access to PostgreSQL: bounded connection pools for statements and for transactions."""

from asyncio import timeout
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from operator import itemgetter
from typing import Any, TypeAlias

import asyncpg

from adapters.postgres.errors import all_connections_in_use, translate_errors
from adapters.postgres.traced_connection import traced_connection_class
from adapters.postgres.transaction import Transaction
from domain.tracing import Tracing

Connection: TypeAlias = asyncpg.Connection

POOL_SIZE = 10
"""The most connections for units of work, and for single statements whose plan is kept."""
PLANNING_POOL_SIZE = 5
"""The most connections for statements that are planned at each call."""

CONNECTION_TIMEOUT = 10
"""Seconds that a request waits for a free connection before the database is reported as busy."""

CONNECT_TIMEOUT = 5
"""Seconds to open a connection before the database is reported as unreachable."""

STATEMENT_TIMEOUT = 30_000
"""Milliseconds after which PostgreSQL cancels a statement."""

_SESSION_SETTINGS = {
    "application_name": "tintype",
    "timezone": "UTC",
    "jit": "off",
    "lock_timeout": "10s",
    "statement_timeout": f"{STATEMENT_TIMEOUT}ms",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "1s",  # a statement whose client is gone holds its locks no longer
    # A setting of pgvector: continue along the index until enough rows pass the filter, rather than return too few.
    "hnsw.iterative_scan": "relaxed_order",
    "hnsw.ef_search": "100",
}


class Row(asyncpg.Record):  # type: ignore[misc]  # asyncpg ships no types
    """A row whose columns are attributes. A page reads hundreds: the first use of a name makes it a property, which is
    a tenth of the time of a failed lookup."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(f"the row has no column {name!r}")
        setattr(Row, name, property(itemgetter(name)))
        return self[name]


class Database:
    """Connection pools for single statements and for units of work, so that neither waits for the other. Connections
    are opened at first use. `url` is any URL that libpq accepts. A callable is evaluated for each connection, because
    the embedded server's address is known only while it runs."""

    def __init__(
        self, url: str | Callable[[], str], pool_size: int = POOL_SIZE, tracing: Tracing | None = None
    ) -> None:
        self._url = url
        self._connection_class = traced_connection_class(tracing) if tracing else asyncpg.Connection
        self._pool_size = pool_size
        self._pools: dict[tuple[tuple[str, str], ...], asyncpg.Pool] = {}

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Return a connection for independent statements, without a transaction. PostgreSQL plans a statement once for
        each connection, for any parameters: planning often takes longer than the statement."""
        async with self._acquire(self._pool_size, plan_cache_mode="force_generic_plan") as connection:
            yield connection

    @asynccontextmanager
    async def planning_connection(self, milliseconds: int = STATEMENT_TIMEOUT) -> AsyncIterator[Connection]:
        """Return a connection that plans each call for its parameters, for statements where a plan that is fast for one
        value takes seconds for another. PostgreSQL cancels a statement after `milliseconds`."""
        settings = {"plan_cache_mode": "force_custom_plan", "statement_timeout": f"{milliseconds}ms"}
        async with self._acquire(PLANNING_POOL_SIZE, **settings) as connection:
            yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Return a transaction, which is rolled back at the end unless it was committed."""
        async with self._acquire(self._pool_size) as connection, Transaction(connection) as transaction:
            yield transaction

    @property
    def url(self) -> str:
        return self._url if isinstance(self._url, str) else self._url()

    async def close(self) -> None:
        """Close the pools. Further use opens new ones."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()

    @asynccontextmanager
    async def _acquire(self, pool_size: int, **settings: str) -> AsyncIterator[Connection]:
        with translate_errors():
            pool = self._pool(pool_size, settings)
            await pool  # opened at the first use
            try:
                async with timeout(CONNECTION_TIMEOUT):  # the pool's own timeout would start a task
                    connection = await pool.acquire()
            except TimeoutError:
                raise all_connections_in_use() from None
            try:
                yield connection
            finally:
                await pool.release(connection)

    def _pool(self, size: int, settings: dict[str, str]) -> asyncpg.Pool:
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
                server_settings=_SESSION_SETTINGS | settings,
            )
        return self._pools[key]

    async def _connect(self, *_address: Any, **options: Any) -> Connection:
        with translate_errors():
            return await connect(self.url, **options)


async def _keep_session(_connection: Connection) -> None:
    """Skip the driver's reset between two uses, which is a round trip. No statement changes a setting of the session
    outside a transaction."""


async def connect(url: str, **options: Any) -> Connection:
    """Open one connection with this program's session settings."""
    options = {"record_class": Row, "server_settings": _SESSION_SETTINGS} | options
    return await asyncpg.connect(url, timeout=CONNECT_TIMEOUT, **options)
