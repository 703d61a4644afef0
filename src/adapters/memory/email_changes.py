from datetime import datetime

from adapters.memory.transaction import Transaction
from domain.email_changes import EmailChange, EmailChanges
from domain.ids import UserId


class MemoryEmailChanges(EmailChanges):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def get(self, user_id: UserId) -> EmailChange | None:
        return (await self._transaction.tables()).email_changes.get(user_id)

    async def save(self, change: EmailChange) -> None:
        (await self._transaction.tables()).email_changes[change.user_id] = change

    async def delete(self, user_id: UserId) -> None:
        (await self._transaction.tables()).email_changes.pop(user_id, None)

    async def delete_expired(self, now: datetime) -> int:
        changes = (await self._transaction.tables()).email_changes
        expired = [user_id for user_id, change in changes.items() if not change.is_valid(now)]
        for user_id in expired:
            del changes[user_id]
        return len(expired)
