"""Re-indexing of posts and names that older rules indexed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from domain.ids import PostId, UserId
from domain.search import SearchReader
from domain.unit_of_work import UnitOfWork, UnitOfWorkFactory

BATCH_SIZE = 100

Id = TypeVar("Id", PostId, UserId)


class Indexing:
    def __init__(self, begin: UnitOfWorkFactory, search_reader: SearchReader) -> None:
        self._begin = begin
        self._search_reader = search_reader

    async def catch_up(self, should_stop: Callable[[], bool] = lambda: False) -> int:
        """Index every post and name that was not indexed by the current rules: after an upgrade, or after a restore
        without the index. Each has its own unit of work, so that it disturbs no other work. Return their number."""

        async def refresh_post(uow: UnitOfWork, post_id: PostId) -> None:
            await uow.search_index.refresh(post_id)

        async def refresh_name(uow: UnitOfWork, user_id: UserId) -> None:
            await uow.search_index.refresh_name(user_id)

        people = await self._index_all(self._search_reader.unindexed_people, refresh_name, should_stop)
        return people + await self._index_all(self._search_reader.unindexed_posts, refresh_post, should_stop)

    async def _index_all(
        self,
        unindexed: Callable[[Id | None, int], Awaitable[Sequence[Id]]],
        refresh: Callable[[UnitOfWork, Id], Awaitable[None]],
        should_stop: Callable[[], bool],
    ) -> int:
        count, after = 0, None
        while not should_stop() and (ids := await unindexed(after, BATCH_SIZE)):
            for one in ids:
                async with self._begin() as uow:
                    await refresh(uow, one)
                    await uow.commit()
            count, after = count + len(ids), ids[-1]
        return count
