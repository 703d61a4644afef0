from datetime import datetime

from adapters.postgres.database import Connection
from adapters.postgres.rows import terms_of
from domain.terms import Terms, TermsVersions

_LOCK = "lock table terms in share row exclusive mode"

# terms_pkey
_ADD = """
insert into terms (version, text, created_at) select coalesce(max(version), 0) + 1, $1, $2 from terms returning *"""


class PostgresTermsVersions(TermsVersions):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, text: str, now: datetime) -> Terms:
        await self._connection.execute(_LOCK)
        return terms_of(await self._connection.fetchrow(_ADD, text, now))
