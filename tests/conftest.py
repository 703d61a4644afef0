import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import adapters.onnx  # noqa: F401  (before any test loads ONNX Runtime, which else reports home)
from tests.databases import Databases, server
from tests.reaper import Reaper

# On a busy machine an example may take long; that is no finding. Costly properties take a share: `tests/examples.py`.
for profile, examples in {"dev": 30, "ci": 100, "nightly": 1000}.items():
    settings.register_profile(profile, deadline=None, max_examples=examples)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """A worker for each core that this process may use; xdist itself would count physical cores, two threads as one."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a database needs PostgreSQL, whether its author marked it or not."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def reaper() -> Iterator[Reaper]:
    """Gives out folders that do not outlive the tests, even if those are killed."""
    with Reaper() as reaper:
        yield reaper


@pytest.fixture(scope="session")
def databases(reaper: Reaper) -> Iterator[Databases]:
    """One server for each process of a run, with a template made by the migrations."""
    with reaper.folder() as home, server(home) as url:
        databases = Databases(url)
        databases.make_template()
        yield databases


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_store(request: pytest.FixtureRequest) -> str | None:
    """For `container_for`: a test runs once in memory, and once over a database."""
    found: str | None = request.getfixturevalue("database_url") if request.param == "postgres" else None
    return found


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> str:
    """A migrated database for the tests of one module."""
    return databases.create_migrated()
