"""Locks between processes (flock). The kernel releases a lock when its holder ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.embedded.paths import open_file
from adapters.embedded.progress_wait import ProgressWait


@contextmanager
def lock_file(path: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Exclusive among threads and processes. Waits without a time limit."""
    descriptor = open_file(path, os.O_RDWR)
    try:
        progress_wait = ProgressWait(report)
        while not try_lock(descriptor):
            progress_wait.pause("Waiting for another process that is starting or stopping the database")
        try:
            yield
        finally:
            # Closing is not enough: a child forked by another thread may hold a copy of the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Try to lock without waiting. Returns whether it succeeded."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
