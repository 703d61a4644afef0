"""Waits without a time limit that report their progress."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.02
_FIRST_MESSAGE_SECONDS = 3.0
_MESSAGE_INTERVAL = 5.0


class ProgressWait:
    """One wait: call `pause` between checks. After a few seconds, and then repeatedly, it reports what it waits for."""

    def __init__(self, report: Callable[[str], None]) -> None:
        self._report = report
        self._began = time.monotonic()
        self._next_message = _FIRST_MESSAGE_SECONDS

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def pause(self, awaited: str) -> None:
        if self.seconds >= self._next_message:
            self._report(f"{awaited} ({self.seconds:.0f} s so far)")
            self._next_message = self.seconds + _MESSAGE_INTERVAL
        time.sleep(_PAUSE_SECONDS)
