"""UUIDv7 identifiers, and secrets from the operating system's random generator."""

import secrets
import time
from threading import Lock
from uuid import UUID

from domain.ids import Ids

_COUNTER_BITS = 12
_FRESH_COUNTER_BITS = 11
"""The counter of a new millisecond starts in the lower half, so that it has room for at least 2048 more."""


class SystemIds(Ids):
    """RFC 9562, section 5.7, with the counter of 6.2 (method 1) in `rand_a`. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last = 0

    def new(self) -> UUID:
        milliseconds, counter = divmod(self._next(), 1 << _COUNTER_BITS)
        return UUID(int=milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62))

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def _next(self) -> int:
        """Milliseconds and counter as one number, which increases even if the clock is set back."""
        fresh = time.time_ns() // 1_000_000 << _COUNTER_BITS | secrets.randbits(_FRESH_COUNTER_BITS)
        with self._lock:
            same_millisecond = fresh >> _COUNTER_BITS <= self._last >> _COUNTER_BITS
            self._last = self._last + 1 if same_millisecond else fresh
            return self._last
