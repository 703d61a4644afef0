from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings

import adapters.onnx  # noqa: F401  (before any test loads ONNX Runtime, which else reports home)
from tests.databases import Databases, server

# On a busy machine an example may take long; that is no finding.
settings.register_profile("tintype", deadline=None)
settings.load_profile("tintype")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a database needs PostgreSQL, whether its author marked it or not."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


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
