from adapters.memory.store import MemoryStore
from domain.terms import Terms, TermsReader


class MemoryTermsReader(TermsReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def current(self) -> Terms | None:
        terms = self._store.committed.terms
        return terms.get(len(terms))

    async def by_version(self, version: int) -> Terms | None:
        return self._store.committed.terms.get(version)
