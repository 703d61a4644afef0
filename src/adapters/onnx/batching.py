"""Runs a network in memory from one bounded queue: images run alone on an idle network, in batches on a busy one."""

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any

from domain.errors import Unavailable

Run = Callable[[Any], tuple[Any, Any]]
"""Float32 arrays: `[N, 224, 224, 3]` to `[N, 1000 or 1001]` and `[N, 1280]`. Importing their type would be slow."""
Prepare = Callable[[], Any]
Finish = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class _Request:
    """`prepare` produces the `count` images, in the thread that runs them; `finish` converts the outputs to the
    answer."""

    count: int
    prepare: Prepare
    finish: Finish
    answer: "Future[Any]" = field(default_factory=Future)


class Batcher:
    """`workers` threads run what is queued, up to `max_batch` images at once. They never wait for a batch to fill: an
    idle network answers a single image at once, and batches grow with the load."""

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
        """The result of `finish` for the logits and embeddings of these images; None after `close`. An error of
        `prepare` affects only its own request. Raises `Unavailable` if the queue is full."""
        request = _Request(count, prepare, finish)
        with self._changed:
            if self._closed:
                return None
            if self._images + count > self._capacity:
                detail = f"the inference queue is full ({self._capacity} images); retry in 1 s"
                raise Unavailable(detail, retry_after=1.0)
            self._waiting.append(request)
            self._images += count
            self._changed.notify()
        return request.answer

    @property
    def queue_length(self) -> int:
        """The number of queued images."""
        return self._images

    @property
    def batches(self) -> dict[int, int]:
        """The number of batches of each size."""
        return dict(self._batches)

    def close(self) -> None:
        """Accept no more requests. Queued ones are still answered."""
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
        """At least one request, and the following ones that fit; empty when closed and drained."""
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
    """The images of the request. None if `prepare` failed; the request has its error then."""
    try:
        return request.prepare()
    except Exception as fault:  # noqa: BLE001 — the request gets it; the thread continues
        request.answer.set_exception(fault)
        return None


def _run_batch(run: Run, ready: list[tuple[_Request, Any]]) -> None:
    import numpy as np

    try:
        images = ready[0][1] if len(ready) == 1 else np.concatenate([images for _, images in ready])
        logits, embeddings = run(images)
    except Exception as fault:  # noqa: BLE001 — every request gets it; the thread continues
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
    except Exception as fault:  # noqa: BLE001 — the request gets it; the thread continues
        request.answer.set_exception(fault)
