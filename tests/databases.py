"""Databases for tests: one real server for the whole run, a template made by the migrations, and copies of it."""

import asyncio
import os
import shutil
import tempfile
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


@contextmanager
def server() -> Iterator[str]:
    """The address of a server that tests may fill; TINTYPE_TEST_DATABASE_URL names another than the embedded one."""
    if given := os.environ.get("TINTYPE_TEST_DATABASE_URL"):
        yield given
        return
    # Not pytest's tmp_path: run as root, the server is another user, who may not enter folders of mode 0700.
    home = Path(tempfile.mkdtemp(prefix="tintype-tests-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home) as embedded:
            yield embedded.url
    finally:
        shutil.rmtree(home, ignore_errors=True)


@dataclass
class Databases:
    """Databases of one server; names carry the process id, so that runs beside each other do not meet."""

    url: str
    _serial: Iterator[int] = field(default_factory=count)

    def empty(self) -> str:
        """A database without tables."""
        return self._made("template0")

    def migrated(self) -> str:
        """A database at the newest migration, without rows."""
        return self._made(self._template)

    def make_template(self) -> None:
        url = self.empty()
        asyncio.run(PostgresMigrations(Database(url)).upgrade())
        self._template = urlsplit(url).path.lstrip("/")

    def _made(self, template: str) -> str:
        name = f"test_{os.getpid()}_{next(self._serial)}"
        # A copy of the files rather than of the log: three times as fast for a small template.
        asyncio.run(self._run(f"create database {name} template {template} strategy file_copy"))
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    async def _run(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def emptied(url: str) -> None:
    """Take every row out of a migrated database."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "delete from users; delete from reserved_usernames; delete from orphan_blobs; delete from answers;"
            "delete from caption_calls; delete from caption_drafts;"
            "delete from jobs.pgqueuer; delete from jobs.pgqueuer_log"
        )
    finally:
        await connection.close()
