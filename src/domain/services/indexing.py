"""Indexing: catching up with posts and names that are older than the rules of the index."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from domain.ids import PostId, UserId
from domain.search import Search
from domain.unit_of_work import Begin, UnitOfWork

AT_ONCE = 100

Id = TypeVar("Id", PostId, UserId)


class Indexing:
    def __init__(self, begin: Begin, search: Search) -> None:
        self._begin = begin
        self._search = search

    async def catch_up(self, stopping: Callable[[], bool] = lambda: False) -> int:
        """Index every post and name that never was, or by other rules: from before an upgrade, or restored without its
        index. Each has a unit of work of its own, so that nobody waits long. How many."""

        async def refresh_post(uow: UnitOfWork, post_id: PostId) -> None:
            await uow.index.refresh(post_id)

        async def refresh_name(uow: UnitOfWork, user_id: UserId) -> None:
            await uow.index.refresh_name(user_id)

        people = await self._each(self._search.unindexed_people, refresh_name, stopping)
        return people + await self._each(self._search.unindexed, refresh_post, stopping)

    async def _each(
        self,
        unindexed: Callable[[Id | None, int], Awaitable[Sequence[Id]]],
        refresh: Callable[[UnitOfWork, Id], Awaitable[None]],
        stopping: Callable[[], bool],
    ) -> int:
        count, after = 0, None
        while not stopping() and (ids := await unindexed(after, AT_ONCE)):
            for one in ids:
                async with self._begin() as uow:
                    await refresh(uow, one)
                    await uow.commit()
            count, after = count + len(ids), ids[-1]
        return count
