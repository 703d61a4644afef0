from datetime import datetime, timedelta
from decimal import Decimal

from adapters.memory.transaction import Transaction
from domain.ids import UserId
from domain.ledger import Call, CallOutcome, CaptionKey, Ledger, Spending


class MemoryLedger(Ledger):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self) -> None:
        await self._transaction.tables()  # units of work that use rows are serialized anyway

    async def spending(self, day: datetime, user_id: UserId | None = None) -> Spending:
        calls = (await self._transaction.tables()).calls.values()
        today = [call for call in calls if day <= call.began_at < day + timedelta(days=1)]
        theirs = (call.usd for call in today if call.user_id == user_id)
        return Spending(sum((call.usd for call in today), Decimal(0)), sum(theirs, Decimal(0)), len(today))

    async def has_open_call(self, key: CaptionKey, since: datetime) -> bool:
        calls: list[Call] = [*(await self._transaction.tables()).calls.values()]
        return any(call.key == key and call.outcome is CallOutcome.OPEN and call.began_at > since for call in calls)

    async def save(self, call: Call) -> None:
        (await self._transaction.tables()).calls[call.id] = call
