"""The memory budget of concurrent decodings."""

import os
from collections import deque
from threading import Condition

AT_ONCE = max(2, os.cpu_count() or 1)
"""The maximum number of large images at once. They are CPU-bound: more of them than cores would only miss their
deadlines together."""


class MemoryBudget:
    """Grants at most `total` bytes to at most `max_images` images, in the order of their requests. An image that needs
    more than `total` is decoded alone."""

    def __init__(self, total: int, max_images: int = AT_ONCE) -> None:
        self._total = total
        self._max_images = max_images
        self._used = 0
        self._images = 0
        self._waiting: deque[object] = deque()
        self._changed = Condition()

    def acquire(self, count: int, *, wait: bool = True) -> bool:
        """Return whether the bytes were granted; with `wait` always true."""
        ticket = object()
        with self._changed:
            if not wait and (self._waiting or not self._fits(count)):
                return False
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._waiting[0] is ticket and self._fits(count))
            self._waiting.popleft()
            self._used += count
            self._images += 1
            self._changed.notify_all()
        return True

    def release(self, count: int) -> None:
        with self._changed:
            self._used -= count
            self._images -= 1
            self._changed.notify_all()

    def _fits(self, count: int) -> bool:
        return self._images == 0 or (self._images < self._max_images and self._used + count <= self._total)
