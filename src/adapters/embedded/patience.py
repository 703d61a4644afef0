"""Waiting without a fixed limit, and without leaving a person in the dark."""

import time
from collections.abc import Callable

_PAUSE_SECONDS = 0.02
_FIRST_WORD_SECONDS = 3.0
_NEXT_WORD_SECONDS = 5.0


class Patience:
    """One wait: `pause` between looks. After some seconds, and then every few, it says what is awaited."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._began = time.monotonic()
        self._next_word = _FIRST_WORD_SECONDS

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def pause(self, awaited: str) -> None:
        if self.seconds >= self._next_word:
            self._say(f"{awaited} ({self.seconds:.0f} s so far)")
            self._next_word = self.seconds + _NEXT_WORD_SECONDS
        time.sleep(_PAUSE_SECONDS)
