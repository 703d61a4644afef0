"""Memory for images that are decoded at the same time."""

import os
from collections import deque
from threading import Condition

AT_ONCE = max(2, os.cpu_count() or 1)
"""Large images: they compute all the time, and more of them than processors would only miss their deadline together."""


class MemoryBudget:
    """`total` bytes for `most` images. Who asks first is served first; an image that needs more than all of it is
    decoded alone."""

    def __init__(self, total: int, most: int = AT_ONCE) -> None:
        self._total = total
        self._most = most
        self._used = 0
        self._images = 0
        self._waiting: deque[object] = deque()
        self._changed = Condition()

    def acquire(self, count: int, *, wait: bool = True) -> bool:
        """Whether the bytes were given; always with `wait`."""
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
        return self._images == 0 or (self._images < self._most and self._used + count <= self._total)
