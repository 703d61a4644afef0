from collections.abc import Collection
from datetime import datetime

from adapters.memory.store import MemoryStore
from domain.ids import UserId
from domain.known_origins import ORIGIN_LIFETIME, KnownOrigins


class MemoryKnownOrigins(KnownOrigins):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self._noted: dict[tuple[UserId, str], datetime] = {}

    async def filter_known(self, user_id: UserId, marks: Collection[str], now: datetime) -> frozenset[str]:
        oldest = now - ORIGIN_LIFETIME
        return frozenset(mark for mark in marks if self._noted.get((user_id, mark), oldest) > oldest)

    async def record(self, user_id: UserId, marks: Collection[str], now: datetime) -> None:
        if user_id in self._store.committed.users:
            self._noted.update({(user_id, mark): now for mark in marks})

    async def delete_expired(self, now: datetime) -> int:
        old = [key for key, noted_at in self._noted.items() if noted_at <= now - ORIGIN_LIFETIME]
        for key in old:
            del self._noted[key]
        return len(old)
