"""The worker that `tintype serve` starts: `python -m entrypoints.worker PARENT`. By hand, call `tintype worker`."""

import os
import signal
import sys

from entrypoints.serving.orphans import end_without

NICENESS = 10
"""Understanding pictures must not take the processor from people's requests."""


def main(parent: int) -> int:
    # Before the slow imports: until the worker has handlers of its own, a terminal's Ctrl-C is for `serve` to pass on,
    # and a `serve` that dies takes this process with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_without(parent)
    os.nice(NICENESS)
    import asyncio
    from contextlib import suppress

    from container import Container
    from domain.errors import DomainError
    from entrypoints.logs import configure
    from entrypoints.settings import Settings
    from entrypoints.worker.process import logger, work

    configure()
    try:
        with suppress(asyncio.CancelledError):
            asyncio.run(work(Container(config=Settings().config())))
    except DomainError as error:
        logger.error("the worker cannot start: %s", error.for_operator)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
