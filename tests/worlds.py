"""The all-memory world: the same container as in production, with other settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from dependency_injector import providers

from adapters.memory.clock import MemoryClock
from adapters.memory.ids import MemoryIds
from container import Container
from entrypoints.settings import Settings
from tests.databases import emptied

MEMORY = dict.fromkeys(("store", "blobs", "processor", "passwords", "classifier", "captions"), "memory")
HOSTS = {"host_names": ["tintype.test", "testserver"]}
"""The names under which tests ask; the second one is Starlette's own client."""


def memory_container(*, config: dict[str, Any] | None = None, **replaced: object) -> Container:
    """A fresh world on a deterministic clock, without rate limits; `config` changes settings, `replaced` puts objects
    for providers."""
    unlimited = {"rate_limited": False, "database": "external"}
    container = Container(config={**Settings().config(), **MEMORY, **unlimited, **HOSTS, **(config or {})})
    defaults = {"clock": MemoryClock(), "ids": MemoryIds(), "jitter": lambda: 0.5}
    for name, instance in {**defaults, **replaced}.items():
        container.providers[name].override(providers.Object(instance))
    return container


def postgres_container(url: str, *, config: dict[str, Any] | None = None, **replaced: object) -> Container:
    """The same world with its rows in PostgreSQL."""
    return memory_container(config={"store": "postgres", "database_url": url, **(config or {})}, **replaced)


@asynccontextmanager
async def world_of(url: str | None) -> AsyncIterator[Container]:
    """The same world with its rows in that database, emptied before, or in memory without one."""
    if url is None:
        yield memory_container()
        return
    await emptied(url)
    container = postgres_container(url)
    yield container
    await container.database().close()
