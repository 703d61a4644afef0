"""Opening and closing of the container's resources, shared by all entrypoints."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from container import Container


@asynccontextmanager
async def connect(container: Container) -> AsyncIterator[Container]:
    """Yield the container. If its database is embedded, connect to it, starting it if necessary, until the block
    ends."""
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
        if tracing := container.tracing():
            await asyncio.to_thread(tracing.close)


@asynccontextmanager
async def open_container(container: Container) -> AsyncIterator[Container]:
    """Yield the container, connected, with an embedded database migrated to the newest version. `tintype db upgrade`
    migrates external databases."""
    async with connect(container):
        if container.config.database() == "embedded":
            await container.migrations().upgrade()
        yield container
