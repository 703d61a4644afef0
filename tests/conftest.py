import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import adapters.onnx  # noqa: F401  (disables telemetry before any test loads ONNX Runtime)
from tests.databases import Databases, server
from tests.reaper import Reaper
from tests.seaweedfs import SeaweedFs, seaweedfs

# No deadlines: on a busy machine an example may be slow. Costly properties get fewer examples: `tests/examples.py`.
for profile, examples in {"dev": 30, "ci": 100, "nightly": 1000}.items():
    settings.register_profile(profile, deadline=None, max_examples=examples)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int | None:
    """One worker per core available to this process, and one more, because many tests wait for servers and timeouts.
    xdist itself counts physical cores."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores + 1


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all tests with a database fixture as needing PostgreSQL."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="session")
def reaper() -> Iterator[Reaper]:
    """Provides folders that are removed even if the tests are killed."""
    with Reaper() as reaper:
        yield reaper


@pytest.fixture(scope="session")
def databases(reaper: Reaper) -> Iterator[Databases]:
    """A server per test process, with a template created by the migrations."""
    with reaper.folder() as home, server(home) as url:
        databases = Databases(url)
        databases.make_template()
        yield databases


@pytest.fixture(scope="session")
def object_store(reaper: Reaper) -> Iterator[SeaweedFs]:
    """A server of the S3 protocol per test process."""
    with reaper.folder() as folder, seaweedfs(folder) as server:
        yield server


@pytest.fixture(params=["memory", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_store(request: pytest.FixtureRequest) -> str | None:
    """A parameter of `container_for`: the test runs in memory and on a database."""
    found: str | None = request.getfixturevalue("database_url") if request.param == "postgres" else None
    return found


@pytest.fixture(scope="module")
def database_url(databases: Databases) -> str:
    """A migrated database for the tests of one module."""
    return databases.create_migrated()
