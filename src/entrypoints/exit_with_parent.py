"""A process that must not outlive the one it works for."""

import ctypes
import os
import sys
import threading
import time
from signal import SIGTERM, Signals

_PR_SET_PDEATHSIG = 1


def exit_with_parent(parent: int, signum: Signals = SIGTERM) -> None:
    """From now on, send this process the signal `signum` as soon as process `parent`, which started it, has gone.

    On Linux the kernel does it, at once: see prctl(2). It watches the thread that started this process, so that one
    has to live as long as its process. Elsewhere we look, five times a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signum)
        if os.getppid() != parent:  # gone before we asked to be told
            os.kill(os.getpid(), signum)
    else:
        threading.Thread(target=_watch_parent, args=(parent, signum), daemon=True, name="watch-parent").start()


def _watch_parent(parent: int, signum: Signals) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), signum)
