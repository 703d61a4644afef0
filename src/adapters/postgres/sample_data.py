from typing import TYPE_CHECKING

import asyncpg

from adapters.postgres.database import Connection, Database
from adapters.postgres.errors import translate_errors
from domain.sample_data import NotEmpty, RowReporter, SampleData, SampleSpec

if TYPE_CHECKING:
    from adapters.postgres.sampling.sample_arrays import SampleArrays

TABLES = ("users", "posts", "search_documents", "images", "understandings", "follows", "likes")

# Generating the arrays of millions of rows takes minutes, in which the session is idle.
_SESSION = """
set statement_timeout = 0;
set idle_in_transaction_session_timeout = 0;
set maintenance_work_mem = '256MB'"""

# Indexes are created after the rows, which is three times as fast.
_INDEXES = """
select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made
from pg_index left join pg_constraint on conindid = indexrelid
where indrelid = any($1::regclass[]) and pg_constraint.oid is null
order by 1
"""


class PostgresSampleData(SampleData):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check_empty(self) -> None:
        async with self._database.connection() as connection:
            if await connection.fetchval("select exists (select from users)"):
                raise NotEmpty("set TINTYPE_HOME or TINTYPE_DATABASE_URL to another one")

    async def fill(self, sample: SampleSpec, advance: RowReporter) -> None:
        from adapters.postgres.sampling.sample_arrays import SampleArrays

        with translate_errors():
            connection = await self._database.connect_directly(command_timeout=None)
            try:
                await connection.execute(_SESSION)
                drawn = SampleArrays(sample)
                async with connection.transaction():
                    await self._fill(connection, drawn, advance)
                await connection.execute(f"vacuum (analyze) {', '.join(TABLES)}")
            finally:
                await connection.close()

    async def _fill(self, connection: Connection, drawn: "SampleArrays", advance: RowReporter) -> None:
        indexes = await connection.fetch(_INDEXES, list(TABLES))
        for index in indexes:
            await connection.execute(f"drop index {index['name']}")
        await _disable_foreign_keys(connection)
        await drawn.copy(connection, advance)
        await connection.execute("set local session_replication_role = origin")
        for index in indexes:
            await connection.execute(index["made"])


async def _disable_foreign_keys(connection: Connection) -> None:
    """Disable foreign key checks in this transaction if permitted. All rows are generated here, so they are
    consistent."""
    try:
        async with connection.transaction():
            await connection.execute("set local session_replication_role = replica")
    except asyncpg.InsufficientPrivilegeError:
        return
