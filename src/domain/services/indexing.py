"""Indexing: catching up with posts that are older than the index."""

from collections.abc import Callable

from domain.search import Search
from domain.unit_of_work import Begin

AT_ONCE = 100


class Indexing:
    def __init__(self, begin: Begin, search: Search) -> None:
        self._begin = begin
        self._search = search

    async def catch_up(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Index every post that never was: from before there was an index, or restored without it. How many."""
        count, after = 0, None
        while not stopping() and (found := await self._search.unindexed(after, AT_ONCE)):
            for post_id in found:
                async with self._begin() as uow:
                    await uow.index.refresh(post_id)
                    await uow.commit()
            count, after = count + len(found), found[-1]
        return count
