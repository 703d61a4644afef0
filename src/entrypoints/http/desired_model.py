"""Keeps the model of an API process that classifies up to date, also where no worker runs beside it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from container import Container
from domain.errors import DomainError

INTERVAL = 30.0
"""Seconds. A worker on the same machine looks every few seconds, and is usually first."""

logger = logging.getLogger("tintype.model")


@asynccontextmanager
async def follow_desired_model(container: Container) -> AsyncIterator[None]:
    """Install new models of the deployment during the block. Requests are answered meanwhile."""
    if not container.classifies_here():
        yield
        return
    task = asyncio.create_task(_follow(container))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _follow(container: Container) -> None:
    while True:
        await asyncio.sleep(INTERVAL)
        try:
            await container.model_synchronizing().synchronize()
        except DomainError as error:
            logger.warning("the model of the deployment is not installed: %s", error.operator_message)
