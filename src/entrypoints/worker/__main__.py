"""The worker of `tintype serve`: `python -m entrypoints.worker PARENT`. To start one by hand, use `tintype worker`."""

import os
import signal
import sys

from entrypoints.exit_with_parent import exit_with_parent

NICENESS = 10
"""The priority of the worker is lower than that of the API."""


def main(parent: int) -> int:
    # Before the slow imports: until the worker has its own handlers, `serve` forwards Ctrl-C of the terminal, and this
    # process ends together with `serve`.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    exit_with_parent(parent)
    os.nice(NICENESS)
    from entrypoints.garbage import collect_rarely

    collect_rarely()
    import asyncio
    from contextlib import suppress

    from container import Container
    from domain.errors import DomainError
    from entrypoints.logs import configure_logging
    from entrypoints.settings import Settings
    from entrypoints.worker.process import logger, run_until_signal

    configure_logging()
    try:
        with suppress(asyncio.CancelledError):
            asyncio.run(run_until_signal(Container(config=Settings().config())))
    except DomainError as error:
        logger.error("the worker cannot start: %s", error.operator_message)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
