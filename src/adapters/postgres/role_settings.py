"""The settings of sessions behind a pooler. pgbouncer in transaction mode gives each transaction any of its sessions
with the server, so a client cannot set them: they are the defaults of the role in this database (ADR 53)."""

from urllib.parse import unquote, urlsplit

import asyncpg

from adapters.postgres.connecting import SERVER_SETTINGS
from adapters.postgres.database import KEPT_PLANS, Database
from adapters.postgres.errors import DatabaseUnavailable, translate_errors

_SETTINGS = SERVER_SETTINGS | KEPT_PLANS

_STATEMENT = """
select format('alter role %I in database %I set %s = %L', coalesce($1, current_user), current_database(), name, value)
from unnest($2::text[], $3::text[]) as settings (name, value)"""

HAS_SETTINGS = f"select current_setting('plan_cache_mode') = '{KEPT_PLANS['plan_cache_mode']}'"
"""Whether the session has the settings. One of them stands for all."""


async def store_role_settings(database: Database) -> None:
    """Store the settings as defaults of the role of `database.url`. They apply to sessions that begin afterwards."""
    role = urlsplit(database.url).username
    with translate_errors():
        connection = await database.connect_directly()
        try:
            # Loads pgvector, without which only a superuser may store its settings.
            await connection.execute("select '[1]'::vector")
            names, values = list(_SETTINGS), list(_SETTINGS.values())
            rows = await connection.fetch(_STATEMENT, unquote(role) if role else None, names, values)
            await _execute([row[0] for row in rows], connection)
        finally:
            await connection.close()


async def _execute(statements: list[str], connection: asyncpg.Connection) -> None:
    try:
        for statement in statements:
            await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as error:
        detail = f"the settings of the role cannot be stored ({error}); let a superuser run: {'; '.join(statements)}"
        raise DatabaseUnavailable(detail) from error
