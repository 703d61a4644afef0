from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.audit_log import AuditLogReader, LogEntry
from domain.pages import Page, PageRequest


class MemoryAuditLogReader(AuditLogReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def entries(self, page: PageRequest) -> Page[LogEntry]:
        entries = self._store.committed.audit_log.values()
        return highest_first([Entry(one, one.id) for one in entries], page, lambda one: one)
