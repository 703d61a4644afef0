from adapters.memory.transaction import Transaction
from domain.ids import NotificationId, UserId
from domain.notifications import NotificationEvent, Notifications


class MemoryNotifications(Notifications):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, event: NotificationEvent) -> None:
        if (await self._transaction.tables()).notify(event):
            self._transaction.signal(event.user_id)

    async def mark_read(self, user_id: UserId, up_to: NotificationId) -> None:
        tables = await self._transaction.tables()
        theirs = [group.newest.id for group in tables.notifications.values() if group.newest.user_id == user_id]
        present = [one for one in theirs if one <= up_to]
        if present and user_id in tables.users:
            before = tables.read_up_to.get(user_id, present[0])
            tables.read_up_to[user_id] = max(before, *present)
