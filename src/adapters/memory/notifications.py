from adapters.memory.transaction import Transaction
from domain.notifications import NotificationEvent, Notifications


class MemoryNotifications(Notifications):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: NotificationEvent) -> None:
        if (await self._transaction.tables()).notify(event):
            self._transaction.signal(event.user_id)
