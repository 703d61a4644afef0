"""Databases for tests: a real server per test process, a template created by the migrations, and copies of it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from adapters.embedded.server import EmbeddedPostgres
from adapters.postgres.database import Database
from adapters.postgres.migrations import PostgresMigrations
from adapters.postgres.tables import metadata


@contextmanager
def server(home: Path) -> Iterator[str]:
    """The address of a server for tests. TINTYPE_TEST_DATABASE_URL replaces the embedded one."""
    if given := os.environ.get("TINTYPE_TEST_DATABASE_URL"):
        yield given
        return
    with EmbeddedPostgres(home) as embedded:
        asyncio.run(_disable_disk_sync(embedded.url))
        yield embedded.url


async def _disable_disk_sync(url: str) -> None:
    """Test data need no durability, and syncing takes most of the time of a commit."""
    connection = await asyncpg.connect(url)
    for setting in ("synchronous_commit", "full_page_writes"):
        await connection.execute(f"alter system set {setting} = off")
    await connection.execute("select pg_reload_conf()")
    await connection.close()


@dataclass
class Databases:
    """Databases of one server. Names contain the process id, so that concurrent runs do not collide."""

    url: str
    _serial: Iterator[int] = field(default_factory=count)

    def create_empty(self) -> str:
        """A database without tables."""
        return self._create("template0")

    def create_migrated(self) -> str:
        """A database at the newest migration, without rows."""
        return self._create(self._template)

    def make_template(self) -> None:
        url = self.create_empty()
        asyncio.run(PostgresMigrations(Database(url)).upgrade())
        self._template = urlsplit(url).path.lstrip("/")

    def _create(self, template: str) -> str:
        name = f"test_{os.getpid()}_{next(self._serial)}"
        # Copies files instead of writing the log: three times as fast for a small template.
        asyncio.run(self._run(f"create database {name} template {template} strategy file_copy"))
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


_ROOTS = [
    table.name
    for table in metadata.sorted_tables
    if table.name != "schema_support"  # belongs to the schema
    and not any(key.ondelete == "CASCADE" and not key.parent.nullable for key in table.foreign_keys)
]
"""Tables with rows that no cascade deletes."""
_DELETIONS = [f"delete from {table}" for table in (*_ROOTS, "jobs.pgqueuer", "jobs.pgqueuer_log")]  # noqa: S608 — constants
_TRIGGERS = "alter table audit_log {} trigger audit_log_append_only"
_EMPTY = "; ".join([_TRIGGERS.format("disable"), *_DELETIONS, _TRIGGERS.format("enable")])


async def empty_database(url: str) -> None:
    """Delete all rows of a migrated database."""
    connection = await asyncpg.connect(url)
    try:
        await delete_rows(connection)
    finally:
        await connection.close()


async def delete_rows(connection: asyncpg.Connection) -> None:
    """Delete all rows of the connection's database."""
    await connection.execute(_EMPTY)
