"""Equal reads that wait for a slot share one execution."""

from asyncio import Task, create_task, shield
from collections.abc import Awaitable, Callable, Hashable
from contextlib import AsyncExitStack
from typing import Generic, TypeVar

from adapters.postgres.concurrency import StatementLimit

Read = TypeVar("Read", bound=Hashable)
Answer = TypeVar("Answer")


class SharedReads(Generic[Read, Answer]):
    """Executes reads within a limit. A read joins an equal one that still waits for its slot, never one that has begun:
    so it sees everything committed before it was submitted."""

    def __init__(self, limit: StatementLimit, execute: Callable[[Read], Awaitable[Answer]]) -> None:
        self._limit = limit
        self._execute = execute
        self._waiting: dict[Read, Task[Answer]] = {}

    async def read(self, read: Read) -> Answer:
        """Return the answer. Cancelling one caller does not disturb the others. Raises `Unavailable` when no slot
        becomes free in time, and what the execution raised."""
        task = self._waiting.get(read)
        if task is None:
            task = self._waiting[read] = create_task(self._run(read))
        return await shield(task)

    async def _run(self, read: Read) -> Answer:
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(self._limit.slot())
            finally:
                del self._waiting[read]
            return await self._execute(read)
