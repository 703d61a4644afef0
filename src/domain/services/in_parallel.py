"""Runs an action for many items, several at a time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
PARALLEL = 8
"""Items at a time. Each of them is mostly waiting for a disk or a network."""


async def for_each(
    items: Iterable[T] | AsyncIterator[T], action: Callable[[T], Awaitable[None]], parallel: int = PARALLEL
) -> None:
    """Run `action` for each item. The first error cancels the actions in progress and is raised."""
    slots = asyncio.Semaphore(parallel)

    async def run(item: T) -> None:
        try:
            await action(item)
        finally:
            slots.release()

    try:
        async with asyncio.TaskGroup() as group:
            async for item in items if isinstance(items, AsyncIterator) else _iterate(items):
                await slots.acquire()
                group.create_task(run(item))
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def _iterate(items: Iterable[T]) -> AsyncIterator[T]:
    for item in items:
        yield item
