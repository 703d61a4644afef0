"""One round of fetching, as `tintype serve` begins it: `python -m entrypoints.serving.fetch PARENT`.

By hand: `tintype model fetch`.
"""

import asyncio
import logging
import os
import signal
import sys
from typing import NoReturn

from container import Container
from domain.errors import DomainError
from entrypoints.logs import configure
from entrypoints.serving.orphans import end_without
from entrypoints.settings import Settings

logger = logging.getLogger("tintype.model")


def main(parent: int) -> None:
    signal.signal(signal.SIGTERM, _end_together)
    end_without(parent)
    os.nice(10)  # TensorFlow would take every core from those who answer requests
    configure()
    fetching = Container(config=Settings().config()).fetching()
    try:
        model = asyncio.run(fetching.fetch_when_due(logger.info))
    except DomainError as fault:
        logger.warning("%s", fault.for_operator)
    else:
        if model:
            logger.info("%s is the current model; pictures that wait for one are classified by themselves", model)


def _end_together(signum: int, _frame: object) -> NoReturn:
    """pip or TensorFlow, whichever is at work below, ends too; then unwind, so that nothing temporary stays."""
    signal.signal(signum, signal.SIG_IGN)
    os.killpg(0, signum)
    sys.exit(128 + signum)


if __name__ == "__main__":
    main(int(sys.argv[1]))
