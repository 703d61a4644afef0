"""The memory of this process."""

import ctypes
import sys
from contextlib import suppress


def release_freed_memory() -> None:
    """Return freed memory to the system, which glibc would otherwise keep. Does nothing with other C libraries."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # not glibc
            ctypes.CDLL(None).malloc_trim(0)
