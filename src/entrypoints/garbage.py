"""Garbage collection around the start. Loading a program creates some hundred thousand objects that stay. Examining
them repeatedly takes a fifth of the start-up, and writes to memory that processes share."""

import gc

_THRESHOLDS = gc.get_threshold()
LOADING_THRESHOLD = 50_000
"""New objects between two collections while the program loads."""


def collect_rarely() -> None:
    """Call when the process starts."""
    gc.set_threshold(LOADING_THRESHOLD)


def exclude_loaded() -> None:
    """Exclude all present objects from collections. Call before forking, so that children share their memory."""
    gc.freeze()


def collect_normally() -> None:
    """Call when a process that runs for long is loaded."""
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
