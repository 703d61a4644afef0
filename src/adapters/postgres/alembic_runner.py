"""Runs Alembic, on a separate connection and while no other process migrates. It and SQLAlchemy take a second to load,
so only a database that needs a migration loads them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any, TypeVar

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.util import await_only

from adapters.postgres.errors import DatabaseUnavailable, translate_errors
from adapters.postgres.locks import MIGRATION_LOCK
from adapters.postgres.revisions import SCRIPTS, oldest_release
from adapters.postgres.schema_state import SchemaState
from domain.errors import Invalid

MIN_VERSION = 15
"""The oldest supported major version of PostgreSQL."""

RETRY_INTERVAL = 0.2
"""Seconds between two attempts to lock, while another process migrates."""

ATTEMPTS, PAUSE = 20, 1.0
"""How often a migration tries to get its locks, and the seconds between two attempts."""

T = TypeVar("T")
Check = Callable[[SchemaState], None]
Connect = Callable[..., Any]
"""Opens a connection of asyncpg. Its options are those of `asyncpg.connect`."""


async def upgrade(connect: Connect, revision: str, check: Check) -> list[str]:
    return await _migrate(connect, check, lambda config: command.upgrade(config, revision))


async def downgrade(connect: Connect, revision: str, check: Check) -> list[str]:
    return await _migrate(connect, check, lambda config: command.downgrade(config, revision))


async def run(connect: Connect, action: Callable[[Connection], T]) -> T:
    """Run an action on a separate connection while nobody else migrates."""
    async with _open_connection(connect) as connection:
        return await connection.run_sync(action)


async def _migrate(connect: Connect, check: Check, move: Callable[[Config], None]) -> list[str]:
    """Return the revisions that were applied or undone. `check` refuses a schema."""
    passed: list[str] = []

    def migrate(connection: Connection) -> None:
        config = _config(connection)
        config.attributes["on_version_apply"] = lambda step, **_: passed.append(step.up_revision_id)
        check(SchemaState(MigrationContext.configure(connection).get_current_revision()))
        connection.rollback()
        _run_translated(partial(_retry, partial(move, config)))

    await run(connect, migrate)
    return passed


@asynccontextmanager
async def _open_connection(connect: Connect) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    with _translate_errors():
        async with engine.connect() as connection:
            await _refuse_old(connection)
            await connection.exec_driver_sql("set lock_timeout = 0")
            await connection.exec_driver_sql("set statement_timeout = 0")
            await connection.commit()
            # A session lock rather than a transaction lock, because each migration has its own transaction. A waiting
            # statement would hold a snapshot, and a concurrent index build would wait for its end.
            while not await _try_lock(connection):  # noqa: ASYNC110 — only the database knows
                await asyncio.sleep(RETRY_INTERVAL)
            yield connection


async def _try_lock(connection: AsyncConnection) -> bool:
    """Try to lock. Return whether this connection holds the lock. No transaction stays open."""
    got = (await connection.exec_driver_sql(f"select pg_try_advisory_lock({MIGRATION_LOCK})")).scalar_one()
    await connection.commit()
    return bool(got)


async def _refuse_old(connection: AsyncConnection) -> None:
    version = int((await connection.exec_driver_sql("show server_version_num")).scalar_one()) // 10_000
    if version < MIN_VERSION:
        raise DatabaseUnavailable(f"the database is PostgreSQL {version}; Tintype needs {MIN_VERSION} or newer")


def _retry(move: Callable[[], None]) -> None:
    """Repeat a migration whose lock another transaction holds. Each migration is a transaction of its own, and what is
    done stays done. Statements wait behind a waiting migration, so it gives up after five seconds (`migrations/env.py`)
    and lets them pass."""
    for _ in range(ATTEMPTS - 1):
        try:
            return move()
        except DBAPIError as error:
            if not isinstance(_driver_error(error), asyncpg.LockNotAvailableError):
                raise
            await_only(asyncio.sleep(PAUSE))
    return move()


def _run_translated(move: Callable[[], None]) -> None:
    try:
        move()
    except CommandError as error:
        raise Invalid(f"{error}; `tintype db current` shows where the database is") from error
    except DBAPIError as error:
        cause = _driver_error(error)
        if isinstance(cause, asyncpg.FeatureNotSupportedError | asyncpg.InsufficientPrivilegeError):
            raise DatabaseUnavailable(
                f"the database refuses a migration ({cause}); install pgvector on its server and let a superuser run: "
                "create extension vector"
            ) from error
        raise


@contextmanager
def _translate_errors() -> Iterator[None]:
    """Map the driver's errors, in the wrapper of SQLAlchemy too, to domain errors."""
    with translate_errors():
        try:
            yield
        except DBAPIError as error:
            cause = _driver_error(error)
            raise (asyncpg.InterfaceError(str(cause)) if error.connection_invalidated else cause) from error


def _driver_error(error: DBAPIError) -> BaseException:
    """Return asyncpg's error from the wrapper of SQLAlchemy's dialect."""
    return (error.orig.__cause__ or error.orig) if error.orig is not None else error


def record_support(ctx: MigrationContext, heads: set[str], **_step: object) -> None:
    """Store which releases the schema supports now, in the transaction of the migration. Alembic names the
    arguments."""
    connection = ctx.connection
    if connection is None:  # the statements are printed, not executed
        return
    if connection.exec_driver_sql("select to_regclass('schema_support')").scalar() is not None:
        [revision] = heads
        connection.exec_driver_sql(
            "insert into schema_support (oldest_release) values ($1) "
            "on conflict (id) do update set oldest_release = excluded.oldest_release",
            (oldest_release(revision),),
        )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
