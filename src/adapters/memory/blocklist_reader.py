from adapters.memory.paging import Entry as Position
from adapters.memory.paging import highest_first
from adapters.memory.store import MemoryStore
from domain.blocklist import BlocklistReader, Entry
from domain.pages import Page, PageRequest


class MemoryBlocklistReader(BlocklistReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def entries(self, page: PageRequest) -> Page[Entry]:
        listed = [Position(entry, entry.id) for entry in self._store.committed.blocklist.values()]
        return highest_first(listed, page, lambda entry: entry)
