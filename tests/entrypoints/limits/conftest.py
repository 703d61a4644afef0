"""Containers with rate limits and a stopped clock, in memory and on PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import pytest

from container import Container
from tests.containers import memory_container, postgres_container
from tests.databases import empty_database
from tests.doubles import StoppedClock


class MakeContainer(Protocol):
    def __call__(self, **config: Any) -> Container: ...


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("database_url") if request.param == "postgres" else None


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def make_container(url: str | None, clock: StoppedClock) -> AsyncIterator[Callable[..., Container]]:
    """Creates a container; `config` changes settings."""
    opened: list[Container] = []
    if url:
        await empty_database(url)

    def make(**config: Any) -> Container:
        given = {"rate_limited": True, **config}
        container = (
            postgres_container(url, config=given, clock=clock) if url else memory_container(config=given, clock=clock)
        )
        opened.append(container)
        return container

    yield make
    for container in opened:
        if url:
            await container.database().close()
