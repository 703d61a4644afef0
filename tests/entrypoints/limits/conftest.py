"""Worlds with rate limits, in which time stands still, over memory and over PostgreSQL."""

from collections.abc import AsyncIterator, Callable
from typing import Any, Protocol

import pytest

from container import Container
from tests.databases import emptied
from tests.doubles import StoppedClock
from tests.worlds import memory_container, postgres_container


class Limited(Protocol):
    def __call__(self, **config: Any) -> Container: ...


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("database_url") if request.param == "postgres" else None


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
async def limited(url: str | None, clock: StoppedClock) -> AsyncIterator[Callable[..., Container]]:
    """Makes a container; `config` changes settings."""
    opened: list[Container] = []
    if url:
        await emptied(url)

    def made(**config: Any) -> Container:
        given = {"rate_limited": True, **config}
        container = (
            postgres_container(url, config=given, clock=clock) if url else memory_container(config=given, clock=clock)
        )
        opened.append(container)
        return container

    yield made
    for container in opened:
        if url:
            await container.database().close()
