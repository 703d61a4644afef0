from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.invites import Invite, InviteReader
from domain.pages import Page, PageRequest


class MemoryInviteReader(InviteReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def all_invites(self, page: PageRequest) -> Page[Invite]:
        entries = [Entry(invite, invite.id) for invite in self._store.committed.invites.values()]
        return highest_first(entries, page, lambda invite: invite)
