"""The all-memory world: the same container as in production, with other settings."""

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

MEMORY = dict.fromkeys(("store", "blobs", "processor", "passwords", "classifier", "captions"), "memory")
STORED = {field.name for field in fields(Storage)}
HOSTS = {"host_names": ["tintype.test", "testserver"]}
"""The names under which tests ask; the second one is Starlette's own client."""


def memory_container(*, config: dict[str, Any] | None = None, **replaced: object) -> Container:
    """A fresh world on a deterministic clock, without rate limits; `config` changes settings, `replaced` puts objects
    for providers or for the storage's ports."""
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
    """The same world with its rows in PostgreSQL."""
    return memory_container(config={"store": "postgres", "database_url": url, **(config or {})}, **replaced)


@asynccontextmanager
async def container_for(url: str | None) -> AsyncIterator[Container]:
    """The same world with its rows in that database, emptied before, or in memory without one."""
    if url is None:
        yield memory_container()
        return
    await empty_database(url)
    container = postgres_container(url)
    yield container
    await container.database().close()
