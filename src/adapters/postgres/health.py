"""Health of the database: whether it responds, and whether its migration is the expected one."""

import asyncio

from adapters.postgres.database import Database
from adapters.postgres.migrations import PostgresMigrations
from domain.errors import DomainError
from domain.health import Health, Probe

PART = "database"
TIMEOUT = 2.0
"""Seconds within which a working database responds."""


class PostgresProbe(Probe):
    def __init__(self, database: Database, migrations: PostgresMigrations) -> None:
        self._database = database
        self._migrations = migrations

    async def check(self) -> Health:
        try:
            newest = self._migrations.head()
            async with asyncio.timeout(TIMEOUT):
                version, found = await self._read_versions()
        except TimeoutError:
            return _unavailable(f"no answer within {TIMEOUT:g} seconds")
        except DomainError as fault:
            return _unavailable(fault.operator_message)
        except Exception as fault:  # noqa: BLE001 — a failure is a result
            return _unavailable(f"{type(fault).__name__}: {fault}")
        foreign = found is not None and not self._migrations.is_known(found)
        return _migration_health(version, found, newest, foreign=foreign)

    async def _read_versions(self) -> tuple[str, str | None]:
        """Return the version of the server and its migration; None if it has none."""
        async with self._database.connection() as connection:
            version = await connection.fetchval("select current_setting('server_version')")
            migrated = await connection.fetchval("select to_regclass('alembic_version') is not null")
            found = await connection.fetchval("select version_num from alembic_version") if migrated else None
        return version, found


def _unavailable(detail: str) -> Health:
    return Health(PART, ok=False, detail=detail, remedy="start the database, or set TINTYPE_DATABASE_URL right")


def _migration_health(version: str, found: str | None, newest: str, *, foreign: bool) -> Health:
    if found == newest:
        return Health(PART, ok=True, detail=f"PostgreSQL {version}, at migration {found}")
    at = f"at migration {found}" if found else "empty"
    detail = f"PostgreSQL {version} is {at}; this program needs migration {newest}"
    remedy = "run the newer version of Tintype that has used it" if foreign else "run `tintype db upgrade`"
    return Health(PART, ok=False, detail=detail, remedy=remedy)
