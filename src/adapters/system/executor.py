"""A fence around blocking work: so many threads, so many waiting, and a plain refusal beyond."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from domain.errors import Unavailable

P = ParamSpec("P")
R = TypeVar("R")


class BoundedExecutor:
    """Runs blocking functions beside the event loop. `retry_after` is in seconds."""

    def __init__(self, name: str, threads: int, waiting: int, retry_after: float = 1.0) -> None:
        self._name = name
        self._retry_after = retry_after
        self._slots = BoundedSemaphore(threads + waiting)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=f"tintype-{name}")

    async def run(self, work: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns or raises. Raises `Unavailable` at once when every place is taken.

        Work that has begun goes on to its end when the caller is cancelled, and keeps its place until then.
        """
        if not self._slots.acquire(blocking=False):
            raise Unavailable(f"too much {self._name} at once; try again in a moment", retry_after=self._retry_after)
        try:
            future = self._pool.submit(work, *args, **kwargs)
        except BaseException:
            self._slots.release()
            raise
        future.add_done_callback(lambda _: self._slots.release())
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Drop what waits, and return when what runs has ended."""
        self._pool.shutdown(cancel_futures=True)
