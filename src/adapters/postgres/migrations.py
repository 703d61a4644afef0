"""Database migrations, safe under concurrency. `alembic_runner` applies them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from adapters.postgres.database import Database
from adapters.postgres.errors import DatabaseUnavailable, translate_errors
from adapters.postgres.role_settings import store_role_settings
from adapters.postgres.schema_state import SchemaState, read_schema_state
from release import RELEASE

if TYPE_CHECKING:
    from sqlalchemy import Connection

T = TypeVar("T")


class UnknownMigration(DatabaseUnavailable):
    """The database is at a migration of a newer release, which does not support this one."""

    def __init__(self, state: SchemaState) -> None:
        super().__init__(
            f"the database is at migration {state.revision}, which Tintype {RELEASE} does not know; {state.remedy}"
        )


class PostgresMigrations:
    """The migrations of one database. Two concurrent runs are safe: the second waits and then has nothing to do."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def upgrade(self, revision: str = "head") -> list[str]:
        """Apply the missing migrations up to `revision`. Return their revisions, oldest first. A newer schema that
        supports this release stays as it is. Behind a pooler, store the settings of its sessions too. Raises
        `UnknownMigration`."""
        applied = await self._apply(revision)
        if self._database.is_pooled and revision == "head":
            await store_role_settings(self._database)
        return applied

    async def _apply(self, revision: str) -> list[str]:
        # Every process of the service checks the schema when it starts: without a lock, and without Alembic.
        state = await self.state()
        if revision == "head" and state.is_usable:
            return []
        _refuse_newer(state)
        from adapters.postgres import alembic_runner

        return await alembic_runner.upgrade(self._connect, revision, _refuse_newer)

    async def downgrade(self, revision: str) -> list[str]:
        """Undo the migrations after `revision` (`base` for all, `-1` for one). Return their revisions, newest first.
        Raises `UnknownMigration`."""
        _refuse_newer(await self.state())
        from adapters.postgres import alembic_runner

        return await alembic_runner.downgrade(self._connect, revision, _refuse_newer)

    async def state(self) -> SchemaState:
        """Each migration records its revision at its end."""
        with translate_errors():
            connection = await self._connect()
            try:
                return await read_schema_state(connection)
            finally:
                await connection.close()

    async def run(self, action: "Callable[[Connection], T]") -> T:
        """Run an action on a separate connection while nobody else migrates."""
        from adapters.postgres import alembic_runner

        return await alembic_runner.run(self._connect, action)

    async def _connect(self, **options: Any) -> Any:
        return await self._database.connect_directly(command_timeout=None, **options)


def _refuse_newer(state: SchemaState) -> None:
    if state.is_newer:
        raise UnknownMigration(state)
