from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI

from container import Container
from entrypoints.asgi import create_app
from tests.containers import memory_container
from tests.entrypoints.web.page_client import PageClient


@pytest.fixture
def container() -> Container:
    return memory_container()


@pytest.fixture
def app(container: Container) -> FastAPI:
    return create_app(container)


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[PageClient]:
    async with PageClient(app) as reader:
        yield reader


@pytest.fixture
async def ada(app: FastAPI) -> AsyncIterator[PageClient]:
    async with PageClient(app) as reader:
        await reader.sign_up("ada")
        yield reader


@pytest.fixture
async def bob(app: FastAPI) -> AsyncIterator[PageClient]:
    async with PageClient(app) as reader:
        await reader.sign_up("bob")
        yield reader
