"""Opening and closing what the container's technologies need around their use; shared by every entrypoint."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from container import Container


@asynccontextmanager
async def opened(container: Container) -> AsyncIterator[Container]:
    """The container, ready for use until the block ends.

    The embedded database is joined (and started, if nobody has) and brought to the newest migration; a foreign one is
    migrated by `tintype db upgrade`, when its operator decides.
    """
    embedded = container.config.database() == "embedded"
    if embedded:
        await asyncio.to_thread(container.embedded().join)
    try:
        if embedded:
            await container.migrations().upgrade()
        yield container
    finally:
        if container.config.store() == "postgres":
            await container.database().close()
        if embedded:
            await asyncio.to_thread(container.embedded().leave)
