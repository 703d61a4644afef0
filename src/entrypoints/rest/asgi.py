"""The API as a server loads it: settings read, technologies opened in the lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from container import Container
from entrypoints.lifecycle import opened
from entrypoints.rest.app import create_app
from entrypoints.serving.metrics_port import metrics_server
from entrypoints.settings import Settings


def create() -> FastAPI:
    settings = Settings()
    container = Container(config=settings.config())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        metrics = partial(app.state.metrics.exposition, container)
        container.decoding().start()
        async with opened(container), metrics_server(settings.host, settings.metrics_port, metrics):
            yield

    return create_app(container, lifespan)
