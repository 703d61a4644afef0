from domain.tags import RisingTagList, RisingTagLists


class MemoryRisingTagLists(RisingTagLists):
    def __init__(self) -> None:
        self._current: RisingTagList | None = None

    async def current(self) -> RisingTagList | None:
        return self._current

    async def save(self, rising: RisingTagList) -> None:
        if self._current is None or not self._current.is_fresh(rising.computed_at):
            self._current = rising
