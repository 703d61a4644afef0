"""Memory for images that are decoded at the same time."""

from collections import deque
from threading import Condition


class MemoryBudget:
    """`total` bytes. Who asks first is served first; an image that needs more than all of it is decoded alone."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._taken = 0
        self._waiting: deque[object] = deque()
        self._changed = Condition()

    def take(self, count: int, *, wait: bool = True) -> bool:
        """Whether the bytes were given; always with `wait`."""
        ticket = object()
        with self._changed:
            if not wait and (self._waiting or not self._fits(count)):
                return False
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: self._waiting[0] is ticket and self._fits(count))
            self._waiting.popleft()
            self._taken += count
            self._changed.notify_all()
        return True

    def give_back(self, count: int) -> None:
        with self._changed:
            self._taken -= count
            self._changed.notify_all()

    def _fits(self, count: int) -> bool:
        return self._taken == 0 or self._taken + count <= self._total
