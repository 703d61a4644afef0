"""Health of the database: whether it responds, and whether its schema is usable."""

import asyncio
from dataclasses import replace

from adapters.postgres.database import Database
from adapters.postgres.revisions import newest_revision
from adapters.postgres.role_settings import HAS_SETTINGS
from adapters.postgres.schema_state import SchemaState, read_schema_state
from domain.errors import DomainError
from domain.health import Health, Probe
from release import RELEASE

PART = "database"
TIMEOUT = 2.0
"""Seconds within which a working database responds."""
WITHOUT_SETTINGS = (
    "its sessions lack the settings of Tintype: run `tintype db upgrade`, then RECONNECT on the console of pgbouncer"
)


class PostgresProbe(Probe):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> Health:
        try:
            async with asyncio.timeout(TIMEOUT):
                health = _health(*await self._read_versions())
                configured = await self._has_settings()
        except TimeoutError:
            return _unavailable(f"no answer within {TIMEOUT:g} seconds")
        except DomainError as fault:
            return _unavailable(fault.operator_message)
        except Exception as fault:  # noqa: BLE001 — a failure is a result
            return _unavailable(f"{type(fault).__name__}: {fault}")
        return health if configured else replace(health, detail=f"{health.detail}; {WITHOUT_SETTINGS}")

    async def _read_versions(self) -> tuple[str, SchemaState]:
        """Return the version of the server and the state of the schema."""
        async with self._database.connection() as connection:
            version = await connection.fetchval("select current_setting('server_version')")
            return version, await read_schema_state(connection)

    async def _has_settings(self) -> bool:
        """Whether sessions have the settings of this program. Those behind a pooler may lack them."""
        async with self._database.connection() as connection:
            return bool(await connection.fetchval(HAS_SETTINGS))


def _unavailable(detail: str) -> Health:
    return Health(PART, ok=False, detail=detail, remedy="start the database, or set TINTYPE_DATABASE_URL right")


def _health(version: str, state: SchemaState) -> Health:
    at = f"at migration {state.revision}" if state.revision else "empty"
    if state.is_newest:
        return Health(PART, ok=True, detail=f"PostgreSQL {version}, {at}")
    if state.is_usable:
        return Health(PART, ok=True, detail=f"PostgreSQL {version}, {at} of a newer release that supports {RELEASE}")
    detail = f"PostgreSQL {version} is {at}; this program needs migration {newest_revision()}"
    return Health(PART, ok=False, detail=detail, remedy=state.remedy)
