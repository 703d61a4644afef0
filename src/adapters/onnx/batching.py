"""A network in memory, fed from one bounded queue: an image alone when nobody else waits, a batch when others do."""

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

from domain.errors import Unavailable

Run = Callable[[Any], tuple[Any, Any]]
"""Float32 arrays: `[N, 224, 224, 3]` to `[N, 1000 or 1001]` and `[N, 1280]`. Their type would be a heavy import."""


@dataclass(frozen=True, slots=True)
class _Request:
    images: Any
    answer: "Future[tuple[Any, Any]]" = field(default_factory=Future)


class Batcher:
    """`workers` threads take what waits, up to `most` images at once, and never wait for more: an idle network answers
    a single image at once, and the busier it is the larger its batches grow by themselves."""

    def __init__(self, run: Run, workers: int, most: int, waiting: int) -> None:
        self._run = run
        self._most = most
        self._room = waiting
        self._waiting: deque[_Request] = deque()
        self._changed = Condition()
        self._closed = False
        self._batches: Counter[int] = Counter()
        for number in range(workers):
            Thread(target=self._work, name=f"tintype-network-{number}", daemon=True).start()

    def submit(self, images: Any) -> "Future[tuple[Any, Any]] | None":
        """The answer to `[N, 224, 224, 3]`, in order; None once closed. Raises `Unavailable` when there is no room."""
        request = _Request(images)
        with self._changed:
            if self._closed:
                return None
            if self.waiting + len(images) > self._room:
                raise Unavailable("the network has more to look at than it can; try again in a moment", retry_after=1.0)
            self._waiting.append(request)
            self._changed.notify()
        return request.answer

    @property
    def waiting(self) -> int:
        """Images that wait."""
        return sum(len(request.images) for request in self._waiting)

    @property
    def batches(self) -> dict[int, int]:
        """How many batches of each size were run."""
        return dict(self._batches)

    def close(self) -> None:
        """Take no more; what waits is still answered."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _work(self) -> None:
        while batch := self._next():
            _answer(self._run, batch)
            self._batches[sum(len(request.images) for request in batch)] += 1

    def _next(self) -> list[_Request]:
        """At least one request, and those behind it that fit; none when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            batch: list[_Request] = []
            size = 0
            while self._waiting and (not batch or size + len(self._waiting[0].images) <= self._most):
                batch.append(self._waiting.popleft())
                size += len(batch[-1].images)
            return batch


def _answer(run: Run, batch: list[_Request]) -> None:
    import numpy as np

    try:
        images = batch[0].images if len(batch) == 1 else np.concatenate([request.images for request in batch])
        logits, embeddings = run(images)
    except Exception as fault:  # noqa: BLE001 — each of them is told; the thread goes on
        for request in batch:
            request.answer.set_exception(fault)
        return
    at = 0
    for request in batch:
        end = at + len(request.images)
        request.answer.set_result((logits[at:end], embeddings[at:end]))
        at = end
