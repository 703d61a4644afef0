"""Database migrations, safe under concurrency. `alembic_runner` applies them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import asyncpg

from adapters.postgres.database import Database, connect
from adapters.postgres.errors import DatabaseUnavailable, translate_errors
from adapters.postgres.revisions import known_revisions, newest_revision

if TYPE_CHECKING:
    from sqlalchemy import Connection

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
        from adapters.postgres import alembic_runner

        return await alembic_runner.upgrade(self._connect, revision, self._require_known)

    async def downgrade(self, revision: str) -> list[str]:
        """Undo the migrations after `revision` (`base` for all, `-1` for one). Return their revisions, newest first."""
        from adapters.postgres import alembic_runner

        return await alembic_runner.downgrade(self._connect, revision, self._require_known)

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

    async def run(self, action: "Callable[[Connection], T]") -> T:
        """Run an action on a separate connection while nobody else migrates."""
        from adapters.postgres import alembic_runner

        return await alembic_runner.run(self._connect, action)

    def _require_known(self, revision: str) -> None:
        if not self.is_known(revision):
            raise UnknownMigration(revision)

    async def _connect(self, **options: Any) -> Any:
        return await connect(self._database.url, **options)
