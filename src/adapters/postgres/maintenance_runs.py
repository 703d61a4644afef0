from datetime import datetime, timedelta

from adapters.postgres.database import Database
from domain.maintenance import MaintenanceRuns

# maintenance_runs_pkey. Of concurrent workers one writes; the others wait for it and then find a recent run. The row is
# no lock, which would need a session of its own: behind a pooler there is none.
BEGIN = """
insert into maintenance_runs (task, began_at) values ($1, $2)
on conflict (task) do update set began_at = excluded.began_at where maintenance_runs.began_at <= $3
returning true
"""

# maintenance_runs_pkey
UNDO = "delete from maintenance_runs where task = $1"


class PostgresMaintenanceRuns(MaintenanceRuns):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, task: str, now: datetime, pause: timedelta) -> bool:
        async with self._database.connection() as connection:
            return bool(await connection.fetchval(BEGIN, task, now, now - pause))

    async def undo(self, task: str) -> None:
        async with self._database.connection() as connection:
            await connection.execute(UNDO, task)
