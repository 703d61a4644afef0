from collections.abc import Callable, Iterator

import pytest

import adapters.onnx  # noqa: F401  (before any test loads ONNX Runtime, which else reports home)
from tests.databases import Databases, server


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One server for the whole run, with a template made by the migrations."""
    with server() as url:
        databases = Databases(url)
        databases.make_template()
        yield databases


@pytest.fixture(scope="session")
def empty_database_url(databases: Databases) -> Callable[[], str]:
    """Each call makes another migrated database without rows."""
    return databases.migrated


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> str:
    """A migrated database for the tests of one module."""
    return databases.migrated()
