"""Runs blocking work in a limited number of threads, with a bounded queue."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, asynccontextmanager
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")


class BoundedExecutor:
    """Runs blocking functions outside the event loop. `retry_after` is in seconds."""

    def __init__(self, name: str, threads: int, waiting: int, retry_after: float = 1.0) -> None:
        self._name = name
        self._capacity = threads + waiting
        self._retry_after = retry_after
        self._slots = BoundedSemaphore(self._capacity)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"tintype-{name}")

    async def run(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """The result or the exception of `work`. Raises `Unavailable` at once if the queue is full.

        Cancelling the caller does not stop work in progress, which keeps its slot until its end.
        """
        if not self._slots.acquire(blocking=False):
            detail = f"the {self._name} queue is full ({self._capacity} requests); retry in {self._retry_after:g} s"
            raise Unavailable(detail, retry_after=self._retry_after)
        try:
            future = self._pool.submit(work, *args, **kwargs)
        except BaseException:
            self._slots.release()
            raise
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.wrap_future(future)

    @asynccontextmanager
    async def enter(self, context: AbstractContextManager[R]) -> AsyncIterator[R]:
        """Enter and leave `context` in a thread."""
        entered = await self.run(context.__enter__)
        try:
            yield entered
        except BaseException as error:
            if not await self.run(context.__exit__, type(error), error, error.__traceback__):
                raise
        else:
            await self.run(context.__exit__, None, None, None)

    def close(self) -> None:
        """Cancel queued work, and wait for the end of work in progress."""
        self._pool.shutdown(cancel_futures=True)
