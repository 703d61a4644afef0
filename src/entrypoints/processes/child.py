"""Starts another process that runs a module of this program."""

import os
import sys

from entrypoints.installation import CHECKOUT, SRC


def command(module: str) -> list[str]:
    """The command runs the module with the parent's process id as argument. -P: without the caller's folder on the
    path."""
    return [sys.executable, "-P", "-m", module, str(os.getpid())]


def environment() -> dict[str, str]:
    """The parent's environment. In a checkout, Python needs the path of `src`."""
    return {**os.environ, **({} if CHECKOUT is None else {"PYTHONPATH": str(SRC)})}
