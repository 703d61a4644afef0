"""Writes the last uses of tokens while a service runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from domain.errors import DomainError
from domain.services.token_uses import TokenUses

WRITE_SECONDS = 30.0

logger = logging.getLogger("tintype.security")


@asynccontextmanager
async def write_token_uses(uses: TokenUses, seconds: float = WRITE_SECONDS) -> AsyncIterator[None]:
    """Write the uses regularly until the block ends, and at its end."""
    task = asyncio.create_task(_write_regularly(uses, seconds))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await _write(uses)


async def _write_regularly(uses: TokenUses, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        await _write(uses)


async def _write(uses: TokenUses) -> None:
    try:
        await uses.write()
    except DomainError as error:
        logger.warning("the last uses of tokens are not written: %s", error.operator_message)
    except Exception:
        logger.exception("the last uses of tokens are not written")
