"""Database migrations by Alembic, safe under concurrency."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import Connection, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from adapters.postgres.database import Database, connect
from adapters.postgres.errors import DatabaseUnavailable, driver_error, translate_errors
from adapters.postgres.locks import MIGRATION_LOCK
from adapters.postgres.revisions import SCRIPTS, known_revisions, newest_revision

MIN_VERSION = 15
"""The oldest supported major version of PostgreSQL."""

RETRY_INTERVAL = 0.2
"""Seconds between two attempts to lock, while another process migrates."""

T = TypeVar("T")


class UnknownMigration(DatabaseUnavailable):
    """The database is at a migration that this program does not have."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"the database is at migration {revision}, which this version of Tintype does not know: a newer one has "
            "used it. Run that version, or restore a backup from before"
        )


class PostgresMigrations:
    """The migrations of one database. Two concurrent runs are safe: the second waits and then has nothing to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upgrade(self, revision: str = "head") -> list[str]:
        """Apply the missing migrations up to `revision`. Return their revisions, oldest first. Raises
        `UnknownMigration`."""
        # Every process of the service checks the schema when it starts: without a lock, and without Alembic.
        if revision == "head" and await self.current() == newest_revision():
            return []
        from alembic import command

        return await self._migrate(lambda config: command.upgrade(config, revision))

    async def downgrade(self, revision: str) -> list[str]:
        """Undo the migrations after `revision` (`base` for all, `-1` for one). Return their revisions, newest first."""
        from alembic import command

        return await self._migrate(lambda config: command.downgrade(config, revision))

    async def current(self) -> str | None:
        """Return the revision of the database, or None when it is empty. Each migration records its revision at its
        end."""
        with translate_errors():
            connection = await self._connect()
            try:
                revision: str | None = await connection.fetchval("select version_num from alembic_version")
            except asyncpg.UndefinedTableError:
                return None
            finally:
                await connection.close()
            return revision

    def head(self) -> str:
        """Return the newest revision of this program."""
        return newest_revision()

    def is_known(self, revision: str) -> bool:
        """Whether this program has the migration. Otherwise a newer program migrated the database."""
        return revision in known_revisions()

    async def run(self, action: Callable[[Connection], T]) -> T:
        """Run an action on a separate connection while nobody else migrates."""
        async with self._open_connection() as connection:
            return await connection.run_sync(action)

    async def _migrate(self, move: Callable[[Any], None]) -> list[str]:
        passed: list[str] = []

        def migrate(connection: Connection) -> None:
            config = _config(connection)
            config.attributes["on_version_apply"] = lambda step, **_: passed.append(step.up_revision_id)
            revision = _revision(connection)
            connection.rollback()
            if revision is not None and not self.is_known(revision):
                raise UnknownMigration(revision)
            _run_translated(lambda: move(config))

        await self.run(migrate)
        return passed

    async def _connect(self, **options: Any) -> Any:
        return await connect(self._database.url, **options)

    @asynccontextmanager
    async def _open_connection(self) -> AsyncIterator[AsyncConnection]:
        engine = create_async_engine("postgresql+asyncpg://", async_creator=self._connect, poolclass=NullPool)
        with translate_errors():
            async with engine.connect() as connection:
                await _refuse_old(connection)
                await connection.exec_driver_sql("set lock_timeout = 0")
                await connection.exec_driver_sql("set statement_timeout = 0")
                await connection.commit()
                # A session lock rather than a transaction lock, because each migration has its own transaction. A
                # waiting statement would hold a snapshot, and a concurrent index build would wait for its end.
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


def _revision(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _run_translated(command: Callable[[], None]) -> None:
    from alembic.util import CommandError

    from domain.errors import Invalid

    try:
        command()
    except CommandError as error:
        raise Invalid(f"{error}; `tintype db current` shows where the database is") from error
    except DBAPIError as error:
        if isinstance(driver_error(error), asyncpg.FeatureNotSupportedError | asyncpg.InsufficientPrivilegeError):
            raise DatabaseUnavailable(
                f"the database refuses a migration ({driver_error(error)}); install pgvector on its server and let a "
                "superuser run: create extension vector"
            ) from error
        raise


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
