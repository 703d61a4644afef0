"""A process that must not outlive the one it works for."""

import ctypes
import os
import sys
import threading
import time
from signal import SIGTERM, Signals

_PR_SET_PDEATHSIG = 1


def end_without(parent: int, how: Signals = SIGTERM) -> None:
    """From now on, send this process the signal `how` as soon as process `parent`, which started it, has gone.

    On Linux the kernel does it, at once: see prctl(2). It watches the thread that started this process, so that one
    has to live as long as its process. Elsewhere we look, five times a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, how)
        if os.getppid() != parent:  # gone before we asked to be told
            os.kill(os.getpid(), how)
    else:
        threading.Thread(target=_watch, args=(parent, how), daemon=True, name="watch-parent").start()


def _watch(parent: int, how: Signals) -> None:
    while os.getppid() == parent:
        time.sleep(0.2)
    os.kill(os.getpid(), how)
