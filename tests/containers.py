"""Containers for tests: the production container, with memory adapters by default."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from typing import Any

from dependency_injector import providers

from adapters.memory.clock import MemoryClock
from adapters.memory.ids import MemoryIds
from container import Container
from domain.storage import Storage
from entrypoints.settings import Settings
from tests.databases import empty_database

MEMORY = dict.fromkeys(("store", "blobs", "processor", "passwords", "passkeys", "classifier", "captions"), "memory")
STORED = {field.name for field in fields(Storage)}
HOSTS = {"host_names": ["tintype.test", "testserver"]}
"""Host names of test clients; the second one is Starlette's."""


def memory_container(*, config: dict[str, Any] | None = None, **replaced: object) -> Container:
    """A new container in memory with a deterministic clock and without rate limits. `config` changes settings;
    `replaced` overrides providers or ports of the storage."""
    unlimited = {"rate_limited": False, "database": "external"}
    container = Container(config={**Settings().config(), **MEMORY, **unlimited, **HOSTS, **(config or {})})
    defaults = {"clock": MemoryClock(), "ids": MemoryIds(), "jitter": lambda: 0.5}
    stored = {name: replaced.pop(name) for name in STORED & replaced.keys()}
    for name, instance in {**defaults, **replaced}.items():
        container.providers[name].override(providers.Object(instance))
    for name, instance in stored.items():
        setattr(container.storage(), name, instance)
    return container


def postgres_container(url: str, *, config: dict[str, Any] | None = None, **replaced: object) -> Container:
    """The same container with PostgreSQL."""
    return memory_container(config={"store": "postgres", "database_url": url, **(config or {})}, **replaced)


@asynccontextmanager
async def container_for(url: str | None, **replaced: Any) -> AsyncIterator[Container]:
    """A container on that database, which is emptied first, or in memory without a database."""
    if url is None:
        yield memory_container(**replaced)
        return
    await empty_database(url)
    container = postgres_container(url, **replaced)
    yield container
    await container.database().close()
