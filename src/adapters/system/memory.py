"""What this process holds of the machine's memory."""

import ctypes
import sys
from contextlib import suppress


def release_freed_memory() -> None:
    """Return to the system what was freed; glibc keeps it for the next time, and some things come once. Elsewhere
    nothing is done."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
