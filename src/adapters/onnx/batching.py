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
Prepare = Callable[[], Any]
Finish = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Request:
    """`prepare` makes the `count` images in the thread that runs them, `finish` an answer of what the network says."""

    count: int
    prepare: Prepare
    finish: Finish
    answer: "Future[Any]" = field(default_factory=Future)


class Batcher:
    """`workers` threads take what waits, up to `most` images at once, and never wait for more: an idle network answers
    a single image at once, and the busier it is the larger its batches grow by themselves."""

    def __init__(self, run: Run, workers: int, max_batch: int, waiting: int) -> None:
        self._run = run
        self._max_batch = max_batch
        self._capacity = waiting
        self._waiting: deque[_Request] = deque()
        self._images = 0
        self._changed = Condition()
        self._closed = False
        self._batches: Counter[int] = Counter()
        for number in range(workers):
            Thread(target=self._work, name=f"tintype-network-{number}", daemon=True).start()

    def submit(self, count: int, prepare: Prepare, finish: Finish) -> "Future[Any] | None":
        """What `finish` makes of the logits and embeddings of these images; None once closed. An error of `prepare` is
        this request's alone. Raises `Unavailable` when there is no room."""
        request = _Request(count, prepare, finish)
        with self._changed:
            if self._closed:
                return None
            if self._images + count > self._capacity:
                raise Unavailable("the network has more to look at than it can; try again in a moment", retry_after=1.0)
            self._waiting.append(request)
            self._images += count
            self._changed.notify()
        return request.answer

    @property
    def waiting(self) -> int:
        """Images that wait."""
        return self._images

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
        while batch := self._next_batch():
            ready = [(request, images) for request in batch if (images := _prepare(request)) is not None]
            if ready:
                self._batches[sum(len(images) for _, images in ready)] += 1
                _run_batch(self._run, ready)

    def _next_batch(self) -> list[_Request]:
        """At least one request, and those behind it that fit; none when closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            batch: list[_Request] = []
            size = 0
            while self._waiting and (not batch or size + self._waiting[0].count <= self._max_batch):
                batch.append(self._waiting.popleft())
                size += batch[-1].count
            self._images -= size
            return batch


def _prepare(request: _Request) -> Any:
    """Its images; None when there are none to be had, which it has been told."""
    try:
        return request.prepare()
    except Exception as fault:  # noqa: BLE001 — it is told; the thread goes on
        request.answer.set_exception(fault)
        return None


def _run_batch(run: Run, ready: list[tuple[_Request, Any]]) -> None:
    import numpy as np

    try:
        images = ready[0][1] if len(ready) == 1 else np.concatenate([images for _, images in ready])
        logits, embeddings = run(images)
    except Exception as fault:  # noqa: BLE001 — each of them is told; the thread goes on
        for request, _ in ready:
            request.answer.set_exception(fault)
        return
    at = 0
    for request, images in ready:
        end = at + len(images)
        _finish(request, logits[at:end], embeddings[at:end])
        at = end


def _finish(request: _Request, logits: Any, embeddings: Any) -> None:
    try:
        request.answer.set_result(request.finish(logits, embeddings))
    except Exception as fault:  # noqa: BLE001 — it is told; the thread goes on
        request.answer.set_exception(fault)
