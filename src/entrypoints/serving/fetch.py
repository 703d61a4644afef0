"""The fetching that `tintype serve` begins: `python -m entrypoints.serving.fetch PARENT`. By hand: `make model`."""

import os
import signal
import sys
from typing import NoReturn

from entrypoints.serving.orphans import end_without


def main(parent: int) -> int:
    signal.signal(signal.SIGTERM, _end_together)
    end_without(parent)
    from entrypoints.cli.__main__ import main as tintype

    return tintype(["model", "fetch"])


def _end_together(signum: int, _frame: object) -> NoReturn:
    """pip or TensorFlow, whichever is at work below, ends too; then unwind, so that nothing temporary stays."""
    signal.signal(signum, signal.SIG_IGN)
    os.killpg(0, signum)
    sys.exit(128 + signum)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
