"""Coalescing of many small statements into few large ones."""

from asyncio import CancelledError, Future, Task, create_task, get_running_loop
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Request = TypeVar("Request")
Answer = TypeVar("Answer")

MAX_BATCH = 256
"""The maximum size of a batch. Its rows stay locked for a few milliseconds."""


class Coalescer(Generic[Request, Answer]):
    """Batches requests. Requests that arrive while a batch runs form the next one: no request waits for a batch to
    fill, and concurrent requests share a statement. Two requests with the same `key`, if given, never share a batch, so
    each sees the effect of the one before."""

    def __init__(
        self,
        answer: Callable[[Sequence[Request]], Awaitable[Sequence[Answer]]],
        key: Callable[[Request], Hashable] = lambda _request: object(),
    ) -> None:
        self._answer = answer
        self._key = key
        self._waiting: list[tuple[Request, Future[Answer]]] = []
        self._task: Task[None] | None = None

    async def submit(self, request: Request) -> Answer:
        """Return the answer to this request when its batch is done. Raises what the batch raised. Cancelling the wait
        does not undo the request."""
        future: Future[Answer] = get_running_loop().create_future()
        self._waiting.append((request, future))
        if self._task is None:
            self._task = create_task(self._work())
        return await future

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._run_batch(self._next_batch())
        finally:
            self._task = None

    def _next_batch(self) -> list[tuple[Request, Future[Answer]]]:
        batch: dict[Hashable, tuple[Request, Future[Answer]]] = {}
        left: list[tuple[Request, Future[Answer]]] = []
        for entry in self._waiting:
            key = self._key(entry[0])
            if key in batch or len(batch) == MAX_BATCH:
                left.append(entry)
            else:
                batch[key] = entry
        self._waiting = left
        return list(batch.values())

    async def _run_batch(self, batch: list[tuple[Request, Future[Answer]]]) -> None:
        try:
            answers = await self._answer([request for request, _ in batch])
        except CancelledError:  # the event loop ends: nobody waits for ever
            for _, future in (*batch, *self._waiting):
                future.cancel()
            raise
        except Exception as error:  # noqa: BLE001 — raised again by every waiting caller
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if not future.done():
                future.set_result(answer)
