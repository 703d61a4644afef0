from datetime import date

from adapters.postgres.database import Connection
from adapters.postgres.errors import translated
from domain.ids import UserId
from domain.quotas import Quotas, Uploaded

# daily_uploads_pkey
UPLOADED = "select images, bytes from daily_uploads where user_id = $1 and day = $2"

ADD = """
insert into daily_uploads as total (user_id, day, images, bytes) values ($1, $2, 1, $3)
on conflict (user_id, day) do update set images = total.images + 1, bytes = total.bytes + excluded.bytes
returning images, bytes
"""

# daily_uploads_day_idx
FORGET = "with gone as (delete from daily_uploads where day < $1 returning 1) select count(*) from gone"


class PostgresQuotas(Quotas):
    def __init__(self, by_hand: Connection) -> None:
        self._by_hand = by_hand

    async def uploaded(self, user_id: UserId, day: date) -> Uploaded:
        row = await self._by_hand.fetchrow(UPLOADED, user_id, day)
        return Uploaded(row["images"], row["bytes"]) if row else Uploaded()

    async def add(self, user_id: UserId, day: date, size: int) -> Uploaded:
        with translated():
            row = await self._by_hand.fetchrow(ADD, user_id, day, size)
        return Uploaded(row["images"], row["bytes"])

    async def forget(self, before: date) -> int:
        return int(await self._by_hand.fetchval(FORGET, before))
