"""Termination of a process together with its parent."""

import ctypes
import os
import sys
import threading
import time
from signal import SIGTERM, Signals

_PR_SET_PDEATHSIG = 1


def exit_with_parent(parent: int, signum: Signals = SIGTERM) -> None:
    """Send this process the signal `signum` as soon as its parent process `parent` has exited.

    On Linux the kernel sends it at once, see prctl(2). It observes the thread that started this process, so that thread
    must live as long as its process. On other systems the parent is checked five times a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:  # exited before the request above
            os.kill(os.getpid(), signum)
    else:
        threading.Thread(target=_watch_parent, args=(parent, signum), daemon=True, name="watch-parent").start()


def _watch_parent(parent: int, signum: Signals) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), signum)
