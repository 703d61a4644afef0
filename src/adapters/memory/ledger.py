from datetime import datetime, timedelta
from decimal import Decimal

from adapters.memory.transaction import Transaction
from domain.ids import UserId
from domain.ledger import Call, CallOutcome, CallStanding, CaptionKey, Ledger, Spending


class MemoryLedger(Ledger):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def spending(self, day: datetime, user_id: UserId | None = None) -> Spending:
        calls = (await self._transaction.tables()).calls.values()
        today = [call for call in calls if day <= call.began_at < day + timedelta(days=1)]
        theirs = (call.usd for call in today if call.user_id == user_id)
        return Spending(sum((call.usd for call in today), Decimal(0)), sum(theirs, Decimal(0)), len(today))

    async def standing(self, key: CaptionKey, user_id: UserId, day: datetime, since: datetime) -> CallStanding:
        calls: list[Call] = [*(await self._transaction.tables()).calls.values()]
        unsettled = (call for call in calls if call.key == key and call.outcome is CallOutcome.OPEN)
        return CallStanding(any(call.began_at > since for call in unsettled), await self.spending(day, user_id))

    async def save(self, call: Call) -> None:
        (await self._transaction.tables()).calls[call.id] = call
