"""One round of fetching the main model, started by `tintype serve`: `python -m entrypoints.processes.fetch_model
PARENT`.

To start it by hand, use `tintype model fetch`.
"""

import asyncio
import logging
import os
import signal
import sys
from typing import NoReturn

from container import Container
from domain.errors import DomainError
from entrypoints.exit_with_parent import exit_with_parent
from entrypoints.logs import configure_logging
from entrypoints.settings import Settings

logger = logging.getLogger("tintype.model")


def main(parent: int) -> None:
    signal.signal(signal.SIGTERM, _terminate_group)
    exit_with_parent(parent)
    os.nice(10)  # TensorFlow would take all cores from the API
    configure_logging()
    fetching = Container(config=Settings().config()).model_fetcher()
    try:
        model = asyncio.run(fetching.fetch_when_due(logger.info))
    except DomainError as fault:
        logger.warning("%s", fault.operator_message)
    else:
        if model:
            logger.info("%s is the current model; pending images are classified automatically", model)


def _terminate_group(signum: int, _frame: object) -> NoReturn:
    """End pip or TensorFlow below this process too; then unwind, so that temporary files are removed."""
    signal.signal(signum, signal.SIG_IGN)
    os.killpg(0, signum)
    sys.exit(128 + signum)


if __name__ == "__main__":
    main(int(sys.argv[1]))
