"""Restarts the embedded database when it dies under a running service."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from domain.errors import Unavailable

INTERVAL = 5.0
"""Seconds between two checks; a check of a running server takes milliseconds."""

logger = logging.getLogger("tintype.serve")


@contextmanager
def keep_running(start: Callable[[], object], interval: float = INTERVAL) -> Iterator[None]:
    """Call `start` repeatedly until the block ends; it does nothing while the database runs.

    A killed database (by the system, for memory) is restarted. Requests fail as unavailable meanwhile, and no
    acknowledged data are lost.
    """
    stopped = threading.Event()

    def watch() -> None:
        while not stopped.wait(interval):
            try:
                start()
            except Unavailable as error:
                logger.warning("the embedded database could not be restarted: %s", error.operator_message)

    watcher = threading.Thread(target=watch, name="watchdog", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stopped.set()
        watcher.join()
