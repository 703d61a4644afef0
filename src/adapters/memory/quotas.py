from datetime import date

from adapters.memory.transaction import Transaction
from domain.ids import UserId
from domain.quotas import DailyUploads, Quotas
from domain.users import UserNotFound


class MemoryQuotas(Quotas):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def daily_uploads(self, user_id: UserId, day: date) -> DailyUploads:
        return (await self._transaction.tables()).daily_uploads.get((user_id, day), DailyUploads())

    async def add(self, user_id: UserId, day: date, size: int) -> DailyUploads:
        tables = await self._transaction.tables()
        if user_id not in tables.users:
            self._transaction.mark_failed()
            raise UserNotFound
        total = tables.daily_uploads[user_id, day] = (await self.daily_uploads(user_id, day)).with_file(size)
        return total

    async def delete_before(self, before: date) -> int:
        uploaded = (await self._transaction.tables()).daily_uploads
        old = [key for key in uploaded if key[1] < before]
        for key in old:
            del uploaded[key]
        return len(old)
