"""Starts another process that runs a module of this program."""

import os
import sys

from entrypoints.installation import CHECKOUT, SRC


def command(module: str) -> list[str]:
    """Runs the module with the parent's process id as its argument. -P: never the caller's folder on the path."""
    return [sys.executable, "-P", "-m", module, str(os.getpid())]


def environment() -> dict[str, str]:
    """The parent's own. Python finds an installed program by itself, but a checkout's `src` only when it is named."""
    return {**os.environ, **({} if CHECKOUT is None else {"PYTHONPATH": str(SRC)})}
