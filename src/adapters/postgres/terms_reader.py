from adapters.postgres.database import Database
from adapters.postgres.rows import terms_of
from domain.terms import Terms, TermsReader

# terms_pkey
CURRENT = "select * from terms order by version desc limit 1"
BY_VERSION = "select * from terms where version = $1"


class PostgresTermsReader(TermsReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def current(self) -> Terms | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(CURRENT)
        return terms_of(row) if row else None

    async def by_version(self, version: int) -> Terms | None:
        async with self._database.connection() as connection:
            row = await connection.fetchrow(BY_VERSION, version)
        return terms_of(row) if row else None
