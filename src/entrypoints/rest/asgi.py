"""The API as a server loads it: settings read, technologies opened in the lifespan."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from container import Container
from entrypoints.lifecycle import opened
from entrypoints.rest.app import create_app
from entrypoints.settings import Settings


def create() -> FastAPI:
    container = Container(config=Settings().config())

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with opened(container):
            yield

    return create_app(container, lifespan)
