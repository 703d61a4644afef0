"""Re-indexing of posts and names that older rules indexed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from domain.ids import PostId, UserId
from domain.search import SearchReader
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory

BATCH_SIZE = 50
"""Posts or names indexed in one unit of work. Writes of these posts, such as likes, wait for some 20 ms."""

Id = TypeVar("Id", PostId, UserId)


class Indexing:
    def __init__(self, begin: UnitOfWorkFactory, search_reader: SearchReader) -> None:
        self._begin = begin
        self._search_reader = search_reader

    async def catch_up(self, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Index every post and name that was not indexed by the current rules: after an upgrade, or after a restore
        without the index. Return their number."""

        async def refresh_posts(uow: UnitOfWork, post_ids: Sequence[PostId]) -> None:
            await uow.search_index.refresh(*post_ids)

        async def refresh_names(uow: UnitOfWork, user_ids: Sequence[UserId]) -> None:
            await uow.search_index.refresh_names(*user_ids)

        people = await self._index_all(self._search_reader.unindexed_people, refresh_names, should_stop)
        return people + await self._index_all(self._search_reader.unindexed_posts, refresh_posts, should_stop)

    async def _index_all(
        self,
        unindexed: Callable[[Id | None, int], Awaitable[Sequence[Id]]],
        refresh: Callable[[UnitOfWork, Sequence[Id]], Awaitable[None]],
        should_stop: Callable[[], bool],
    ) -> int:
        count, after = 0, None
        while not should_stop() and (ids := await unindexed(after, BATCH_SIZE)):
            async with self._begin() as uow:
                await refresh(uow, ids)
                await uow.commit()
            count, after = count + len(ids), ids[-1]
        return count
