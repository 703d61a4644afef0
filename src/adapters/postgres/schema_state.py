"""The migration of a database, and whether this program can use it."""

from dataclasses import dataclass

import asyncpg

from adapters.postgres.database import Connection
from adapters.postgres.revisions import known_migrations, newest_revision
from release import RELEASE, order


@dataclass(frozen=True, slots=True)
class SchemaState:
    """`revision` is None for an empty database. `oldest_release`: the oldest release that the schema supports; None if
    it states none, as before the first release."""

    revision: str | None
    oldest_release: str | None = None

    @property
    def is_newest(self) -> bool:
        return self.revision == newest_revision()

    @property
    def is_newer(self) -> bool:
        """Whether a newer release has migrated the database."""
        return self.revision is not None and self.revision not in known_migrations()

    @property
    def is_usable(self) -> bool:
        """Whether this program works with the schema: with its own newest, or with a newer one that supports it."""
        return self.is_newest or (self.is_newer and self._supports_this_release)

    @property
    def _supports_this_release(self) -> bool:
        return self.oldest_release is not None and order(self.oldest_release) <= order(RELEASE)

    @property
    def remedy(self) -> str:
        """What an operator does if it is not usable."""
        if not self.is_newer:
            return "run `tintype db upgrade`"
        needed = (
            f"Tintype {self.oldest_release} or newer" if self.oldest_release else "the newer Tintype that migrated it"
        )
        return f"use {needed}, or restore a backup from before"


async def read_schema_state(connection: Connection) -> SchemaState:
    try:
        revision = await connection.fetchval("select version_num from alembic_version")
    except asyncpg.UndefinedTableError:
        return SchemaState(None)
    try:
        return SchemaState(revision, await connection.fetchval("select oldest_release from schema_support"))
    except asyncpg.UndefinedTableError:  # a schema from before this table
        return SchemaState(revision)
