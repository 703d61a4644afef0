from adapters.memory.transaction import Transaction
from domain.audit_log import AuditLog, LogEntry


class MemoryAuditLog(AuditLog):
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, entry: LogEntry) -> None:
        (await self._transaction.tables()).audit_log[entry.id] = entry
