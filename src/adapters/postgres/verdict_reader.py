from collections.abc import Sequence

from adapters.postgres.database import Database
from domain.vision.verdicts import VerdictCount, VerdictReader


class PostgresVerdictReader(VerdictReader):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def counts(self) -> Sequence[VerdictCount]:
        async with self._database.connection() as connection:
            rows = await connection.fetch(_COUNTS)
        return [VerdictCount(**row) for row in rows]


# Reads the whole table, for operators. Ids increase, so the newest image has the latest name.
_COUNTS = """
select key, (array_agg(name order by image_id desc))[1] as name,
  count(*) filter (where verdict = 'right') as right, count(*) filter (where verdict = 'wrong') as wrong
from label_verdicts group by key order by wrong desc, key collate "C"
"""
