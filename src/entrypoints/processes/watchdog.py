"""Restarts the embedded database when it dies under a running service."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.errors import Unavailable

INTERVAL = 5.0
"""Seconds between two looks; a look at a running server takes milliseconds."""

logger = logging.getLogger("tintype.serve")


@contextmanager
def keep_running(start: Callable[[], object], interval: float = INTERVAL) -> Iterator[None]:
    """Call `start`, which does nothing where all is well, again and again until the block ends.

    A database that was killed (by the system, for memory) comes back by itself; meanwhile requests are told that it is
    away, and nothing that was acknowledged is lost.
    """
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(interval):
            try:
                start()
            except Unavailable as error:
                logger.warning("the embedded database could not be started again: %s", error.operator_message)

    watcher = threading.Thread(target=watch, name="watchdog", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join()
