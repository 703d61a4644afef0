"""The worker that `tintype serve` starts: `python -m entrypoints.worker PARENT`. By hand, call `tintype worker`."""

import signal
import sys


def main(parent: int) -> int:
    # A terminal's Ctrl-C reaches this process too; while it is still starting, `serve` alone decides when it stops.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import asyncio
    from contextlib import suppress

    from container import Container
    from domain.errors import DomainError
    from entrypoints.logs import configure
    from entrypoints.settings import Settings
    from entrypoints.worker.process import logger, work_beside

    configure()
    try:
        with suppress(asyncio.CancelledError):
            work_beside(parent, Container(config=Settings().config()))
    except DomainError as error:
        logger.error("the worker cannot start: %s", error.detail)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
