"""The worker that `tintype serve` starts: `python -m entrypoints.worker PARENT`. By hand, call `tintype worker`."""

import asyncio
import sys
from contextlib import suppress

from container import Container
from domain.errors import DomainError
from entrypoints.logs import configure
from entrypoints.settings import Settings
from entrypoints.worker.process import logger, work_beside

if __name__ == "__main__":
    configure()
    try:
        with suppress(asyncio.CancelledError, KeyboardInterrupt):
            work_beside(int(sys.argv[1]), Container(config=Settings().config()))
    except DomainError as error:
        logger.error("the worker cannot start: %s", error.detail)
        sys.exit(1)
