from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from container import Container
from entrypoints.rest.app import create_app
from tests.entrypoints.web.reader import Reader
from tests.worlds import memory_container


@pytest.fixture
def container() -> Container:
    return memory_container()


@pytest.fixture
def app(container: Container) -> FastAPI:
    return create_app(container)


@pytest.fixture
async def stranger(app: FastAPI) -> AsyncIterator[Reader]:
    async with Reader(app) as reader:
        yield reader


@pytest.fixture
async def ada(app: FastAPI) -> AsyncIterator[Reader]:
    async with Reader(app) as reader:
        await reader.signs_up("ada")
        yield reader


@pytest.fixture
async def bob(app: FastAPI) -> AsyncIterator[Reader]:
    async with Reader(app) as reader:
        await reader.signs_up("bob")
        yield reader
