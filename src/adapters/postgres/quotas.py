from datetime import date

from adapters.postgres.database import Connection
from adapters.postgres.errors import translate_errors
from domain.ids import UserId
from domain.quotas import DailyUploads, Quotas

# daily_uploads_pkey
DAILY_UPLOADS = "select images, bytes from daily_uploads where user_id = $1 and day = $2"

ADD = """
insert into daily_uploads as total (user_id, day, images, bytes) values ($1, $2, 1, $3)
on conflict (user_id, day) do update set images = total.images + 1, bytes = total.bytes + excluded.bytes
returning images, bytes
"""

# daily_uploads_day_idx
DELETE_BEFORE = "with gone as (delete from daily_uploads where day < $1 returning 1) select count(*) from gone"


class PostgresQuotas(Quotas):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def daily_uploads(self, user_id: UserId, day: date) -> DailyUploads:
        row = await self._connection.fetchrow(DAILY_UPLOADS, user_id, day)
        return DailyUploads(row["images"], row["bytes"]) if row else DailyUploads()

    async def add(self, user_id: UserId, day: date, size: int) -> DailyUploads:
        with translate_errors():
            row = await self._connection.fetchrow(ADD, user_id, day, size)
        return DailyUploads(row["images"], row["bytes"])

    async def delete_before(self, before: date) -> int:
        return int(await self._connection.fetchval(DELETE_BEFORE, before))
