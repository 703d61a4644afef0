"""Opening and closing what the container's technologies need around their use; shared by every entrypoint."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from container import Container


@asynccontextmanager
async def connect(container: Container) -> AsyncIterator[Container]:
    """The container with its embedded database joined (started, if nobody has), if it has one, until the block ends."""
    embedded = container.config.database() == "embedded"
    if embedded:
        await asyncio.to_thread(container.embedded().join)
    try:
        yield container
    finally:
        if container.config.classifier() == "http":
            await container.http_classifier().close()
        if container.config.store() == "postgres":
            await container.database().close()
        if embedded:
            await asyncio.to_thread(container.embedded().leave)


@asynccontextmanager
async def open_container(container: Container) -> AsyncIterator[Container]:
    """The container ready for use: connected, and an embedded database at the newest migration. A foreign one is
    migrated by `tintype db upgrade`, when its operator decides."""
    async with connect(container):
        if container.config.database() == "embedded":
            await container.migrations().upgrade()
        yield container
