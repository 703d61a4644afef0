from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.identities import Identity, IdentityReader
from domain.ids import UserId
from domain.pages import Page, PageRequest


class MemoryIdentityReader(IdentityReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[Identity]:
        identities = self._store.committed.identities.values()
        entries = [Entry(identity, identity.id) for identity in identities if identity.user_id == user_id]
        return highest_first(entries, page, lambda identity: identity)
