"""Every port has a memory adapter, and every adapter inherits its port."""

import inspect
import pkgutil
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from types import ModuleType
from typing import Protocol

import pytest

import adapters
import adapters.memory
import adapters.postgres
import domain


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield import_module(found.name)


def classes(package: ModuleType) -> set[type]:
    """The classes defined in the package, without imported ones."""
    return {
        found
        for module in modules(package)
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
    }


def is_port(found: type) -> bool:
    return Protocol in found.__bases__


def sort_by_name(found: Iterable[type]) -> list[type]:
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


PORTS = sort_by_name(found for found in classes(domain) if is_port(found))
ADAPTERS = sort_by_name(classes(adapters))
MEMORY = sort_by_name(classes(adapters.memory))
POSTGRES = sort_by_name(classes(adapters.postgres))


def implements(port: type, found: type) -> bool:
    return port in found.__mro__ and not is_port(found)


def abstract_methods(port: type) -> set[str]:
    return set(getattr(port, "__abstractmethods__", set()))


def test_there_are_ports() -> None:
    assert {"UnitOfWorkFactory", "UnitOfWork", "BlobStore", "Clock", "Likes"} <= {port.__name__ for port in PORTS}


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_every_port_has_memory_adapter_named_after_it(port: type) -> None:
    found = [adapter for adapter in MEMORY if implements(port, adapter)]

    assert [adapter.__name__ for adapter in found] == [f"Memory{port.__name__}"]


@pytest.mark.parametrize("port", PORTS, ids=lambda port: port.__name__)
def test_port_methods_are_abstract_and_documented(port: type) -> None:
    """A method that is not abstract would be inherited silently, and one without a docstring is no contract."""
    own = {name for name, member in vars(port).items() if is_port_method(name, member)}

    assert own
    assert own == abstract_methods(port)
    assert {name for name in own if not inspect.getdoc(vars(port)[name])} == set()


WRITING = re.compile(r"(add|attach|claim|delete|mark|refresh|release|remove|reserve|save|set|store)(_|$)")


def test_ports_that_only_read_have_no_methods_that_write() -> None:
    readers = {port.__name__: abstract_methods(port) for port in PORTS if port.__name__.endswith("Reader")}

    assert len(readers) > 10
    assert {name: found for name, methods in readers.items() if (found := set(filter(WRITING.match, methods)))} == {}


def test_storage_adapters_of_port_have_same_file_name() -> None:
    memory, postgres = file_names(MEMORY, "Memory"), file_names(POSTGRES, "Postgres")
    shared = memory.keys() & postgres.keys()

    assert {"Likes", "Subscriptions", "SearchIndex"} <= shared
    assert {port: memory[port] for port in shared} == {port: postgres[port] for port in shared}


def file_names(adapters_: Iterable[type], prefix: str) -> dict[str, str]:
    """The file name of each adapter, by the name of its port."""
    return {one.__name__.removeprefix(prefix): one.__module__.rpartition(".")[2] for one in adapters_}


def is_port_method(name: str, member: object) -> bool:
    given = {"__init__", "__subclasshook__"}
    return name not in given and (inspect.isfunction(member) or isinstance(member, property))


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: f"{adapter.__module__}.{adapter.__name__}")
def test_adapter_is_named_after_port_exactly_if_it_inherits_it(adapter: type) -> None:
    """`PostgresLikes` inherits `Likes`, and an adapter implements all methods of its port."""
    called = [port.__name__ for port in PORTS if re.fullmatch(rf"[A-Z][A-Za-z0-9]*{port.__name__}", adapter.__name__)]
    inherited = [port.__name__ for port in PORTS if implements(port, adapter)]

    assert inherited == [max(called, key=len)] if called else inherited == []
    assert not inspect.isabstract(adapter)
