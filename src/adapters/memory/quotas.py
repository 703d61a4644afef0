from datetime import date

from adapters.memory.store import Transaction
from domain.ids import UserId
from domain.quotas import Quotas, Uploaded
from domain.users import UserNotFound


class MemoryQuotas(Quotas):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def uploaded(self, user_id: UserId, day: date) -> Uploaded:
        return (await self._transaction.tables()).uploaded.get((user_id, day), Uploaded())

    async def add(self, user_id: UserId, day: date, size: int) -> Uploaded:
        tables = await self._transaction.tables()
        if user_id not in tables.users:
            self._transaction.spoil()
            raise UserNotFound
        total = tables.uploaded[user_id, day] = (await self.uploaded(user_id, day)).with_file(size)
        return total

    async def forget(self, before: date) -> int:
        uploaded = (await self._transaction.tables()).uploaded
        old = [key for key in uploaded if key[1] < before]
        for key in old:
            del uploaded[key]
        return len(old)
