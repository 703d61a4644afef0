"""Locks between processes: flock, which the kernel lets go of when its holder dies."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.embedded.paths import open_file
from adapters.embedded.progress_wait import ProgressWait


@contextmanager
def lock_file(path: Path, report: Callable[[str], None]) -> Iterator[None]:
    """Alone in the block, among threads as among processes; waits for its turn for as long as that takes."""
    descriptor = open_file(path, os.O_RDWR)
    try:
        progress_wait = ProgressWait(report)
        while not try_lock(descriptor):
            progress_wait.pause("Waiting for another process that is starting or stopping the database")
        try:
            yield
        finally:
            # Closing alone would not do: a child forked meanwhile by another thread holds a copy of the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int) -> bool:
    """Whether the lock could be had at once."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
