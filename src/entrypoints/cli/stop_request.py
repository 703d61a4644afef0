"""Long commands end at a chance to continue: after Ctrl-C, and wait while the machine is busy."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TypeVar

from domain.errors import Unavailable
from entrypoints.cli.output import Output, clean

T = TypeVar("T")

INTERRUPTED = 130
MAX_WAITS = 8
"""How often an item waits for a busy machine: about 20 minutes in all if decoding takes too long."""
MAX_WAIT_SECONDS = 300.0


class StopRequest:
    """Set by Ctrl-C. Items in progress are completed; a second Ctrl-C ends the program."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    @contextmanager
    def listen(self) -> Iterator[None]:
        """Listen to Ctrl-C until the block ends."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._set)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)

    def _set(self) -> None:
        self._event.set()
        asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)

    async def call(self, attempt: Callable[[], Awaitable[T]], item: str, out: Output) -> T | None:
        """Return the result of an attempt, repeated after a while if the machine is busy. Return None if Ctrl-C ended
        the wait. Raises what the last attempt raises."""
        for wait in range(MAX_WAITS):
            try:
                return await attempt()
            except Unavailable as error:
                seconds = min(error.retry_after * 2**wait, MAX_WAIT_SECONDS)
                out.print_note(f"{clean(item)}: {error.operator_message}; trying again in {seconds:.3g} s")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._event.wait(), seconds)
                    return None
        return await attempt()
