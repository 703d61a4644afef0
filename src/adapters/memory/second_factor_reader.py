from adapters.memory.paging import Entry, highest_first
from adapters.memory.store import MemoryStore
from domain.ids import FactorId, UserId
from domain.pages import Page, PageRequest
from domain.second_factors import SecondFactor, SecondFactorReader


class MemorySecondFactorReader(SecondFactorReader):
    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def of_user(self, user_id: UserId, page: PageRequest) -> Page[SecondFactor]:
        factors = self._store.committed.second_factors.values()
        entries = [Entry(factor, factor.id) for factor in factors if factor.user_id == user_id]
        return highest_first(entries, page, lambda factor: factor)

    async def by_id(self, user_id: UserId, factor_id: FactorId) -> SecondFactor | None:
        factor = self._store.committed.second_factors.get(factor_id)
        return factor if factor is not None and factor.user_id == user_id else None
