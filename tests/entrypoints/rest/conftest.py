from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from container import Container
from entrypoints.asgi import create_app
from tests.containers import memory_container

PASSWORD = "correct horse battery"


@pytest.fixture
def container() -> Container:
    return memory_container()


@pytest.fixture
async def client(container: Container) -> AsyncIterator[AsyncClient]:
    async with client_of(container) as client:
        yield client


def client_of(container: Container) -> AsyncClient:
    """A client of an API with this container."""
    return client_of_app(create_app(container))


def client_of_app(app: FastAPI) -> AsyncClient:
    return AsyncClient(transport=ASGITransport(app), base_url="http://tintype.test")


async def sign_up(client: AsyncClient, name: str) -> dict[str, str]:
    """Sign up and sign in a new user, and return the headers of their requests."""
    person = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    assert (await client.post("/v1/users", json=person)).status_code == 201
    answer = await client.post("/v1/tokens", data={"username": name, "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}
