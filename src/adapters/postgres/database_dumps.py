"""Dumps by pg_dump and pg_restore."""

import asyncio
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from adapters.postgres.client_programs import FindProgram, require_success, run_program, split_password, start_program
from adapters.postgres.database import Database
from adapters.postgres.dumped_rows import read_keys
from adapters.postgres.migrations import PostgresMigrations
from adapters.postgres.revisions import known_migrations
from domain.backups import BackupRefused, DatabaseDumps, Manifest
from domain.blobs import CHUNK_BYTES, BlobContent, BlobKey, BlobStore

_ADD_INSTALLATION = "insert into installation (id) values ($1) on conflict (single) do nothing"
_INSTALLATION = "select id from installation"
DUMP = ("--format=custom", "--compress=gzip:1", "--no-unlogged-table-data", "--lock-wait-timeout=60000")
PORTABLE = ("--no-owner", "--no-privileges", "--no-comments")
"""The restored objects belong to the role that restores them, and comments of extensions need another role."""
ROWS = ("--data-only", "--table=images", "--table=desired_models", "--file=-")


class PostgresDatabaseDumps(DatabaseDumps):
    """`scratch` is a folder for temporary files without names, which disappear with this process."""

    def __init__(self, database: Database, find_program: FindProgram, scratch: Path) -> None:
        self._database = database
        self._migrations = PostgresMigrations(database)
        self._find_program = find_program
        self._scratch = scratch

    async def installation(self) -> UUID:
        async with self._database.connection() as connection:
            await connection.execute(_ADD_INSTALLATION, uuid4())
            return UUID(str(await connection.fetchval(_INSTALLATION)))

    async def migration(self) -> str:
        return (await self._migrations.state()).revision or ""

    async def require_restorable(self, manifest: Manifest) -> None:
        if manifest.migration not in known_migrations():
            raise BackupRefused(
                f"the backup {manifest.name} is of a newer version of Tintype (migration {manifest.migration}); use "
                "that version"
            )
        async with self._database.connection() as connection:
            tables = await connection.fetchval("select to_regclass('public.users') is not null")
            if tables and await connection.fetchval("select exists (select from users)"):
                raise BackupRefused(
                    "this installation has users; restore into an empty one (another TINTYPE_HOME or "
                    "TINTYPE_DATABASE_URL)"
                )

    async def dump(self, target: BlobStore) -> BlobKey:
        with self._temporary_file() as file:
            url, environment = split_password(self._database.direct_url)
            program = self._find_program("pg_dump", await self._server_major())
            await run_program([program, *DUMP, f"--dbname={url}"], environment, DEVNULL, file)
            key, size = await asyncio.to_thread(_measure, file)
            await target.store(key, BlobContent(size, _read_chunks(file)))
        return key

    async def referenced_keys(self, dump: BlobKey, source: BlobStore) -> AsyncIterator[BlobKey]:
        async with self._dump_file(dump, source) as file:
            command: list[str | Path] = [self._find_program("pg_restore", 0), *ROWS]
            process = await start_program(command, {}, file, PIPE)
            report = asyncio.create_task(_read_all(process.stderr))
            try:
                async for key in read_keys(_read_lines(process.stdout)):
                    yield BlobKey(key)
                code = await process.wait()
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
                errors = await report
        require_success(command, code, errors)

    async def restore(self, dump: BlobKey, source: BlobStore) -> None:
        await self._drop_empty_tables()
        async with self._dump_file(dump, source) as file:
            url, environment = split_password(self._database.direct_url)
            program = self._find_program("pg_restore", 0)
            command: list[str | Path] = [
                program,
                *PORTABLE,
                "--single-transaction",
                "--exit-on-error",
                f"--dbname={url}",
            ]
            await run_program(command, environment, file, DEVNULL)

    async def _drop_empty_tables(self) -> None:
        if (await self._migrations.state()).revision is not None:
            await self._migrations.downgrade("base")
        async with self._database.connection() as connection:
            await connection.execute("drop table if exists alembic_version")

    async def _server_major(self) -> int:
        async with self._database.connection() as connection:
            return int(await connection.fetchval("show server_version_num")) // 10_000

    @asynccontextmanager
    async def _dump_file(self, dump: BlobKey, source: BlobStore) -> AsyncIterator[IO[bytes]]:
        with self._temporary_file() as file:
            async for chunk in (await source.open(dump)).chunks:
                await asyncio.to_thread(file.write, chunk)
            file.seek(0)
            yield file

    def _temporary_file(self) -> IO[bytes]:
        self._scratch.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryFile(dir=self._scratch)


def _measure(file: IO[bytes]) -> tuple[BlobKey, int]:
    """Return the key and the size of the file."""
    file.seek(0)
    digest, size = sha256(), 0
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
        size += len(chunk)
    file.seek(0)
    return BlobKey(digest.hexdigest()), size


async def _read_chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
        yield chunk


async def _read_lines(stream: asyncio.StreamReader | None) -> AsyncIterator[bytes]:
    if stream is not None:
        async for line in stream:
            yield line


async def _read_all(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream else b""
