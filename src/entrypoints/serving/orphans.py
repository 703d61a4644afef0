"""A process that must not outlive the one it works for."""

import os
import signal
import threading
import time

GRACE = 3.0
"""Seconds to end in good order once the parent is gone; its successor may already be waiting for the port."""


def end_without(parent: int, *, grace: float | None = None) -> None:
    """From now on, end this process soon after process `parent`, which started it, has gone: as on SIGTERM, and with
    `grace` given, at the latest so many seconds later.

    By watching rather than by PR_SET_PDEATHSIG, which is Linux's alone and tied to the parent's thread.
    """
    threading.Thread(target=_watch, args=(parent, grace), daemon=True, name="watch-parent").start()


def _watch(parent: int, grace: float | None) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGTERM)
    if grace is not None:
        time.sleep(grace)
        os.kill(os.getpid(), signal.SIGKILL)
