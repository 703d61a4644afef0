"""A home to keep a server in, which the server's user can enter when the tests run as root."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.embedded.server import EmbeddedPostgres, binaries
from adapters.embedded.unprivileged import Account


def _nobody_runs_postgres() -> bool:
    return os.geteuid() == 0 and Account.of(pwd.getpwnam("nobody").pw_uid).can_run(binaries() / "postgres")


as_ordinary_user = pytest.mark.skipif(
    os.geteuid() == 0 and not _nobody_runs_postgres(), reason="root needs programs that `nobody` can reach"
)
as_nobody = pytest.mark.skipif(not _nobody_runs_postgres(), reason="needs root, and programs that `nobody` can reach")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder everybody may enter: pytest's own is closed to all but us, so closed to PostgreSQL's user too."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def fresh(ground: Path) -> Iterator[Path]:
    """A home that does not exist yet. Whatever a failed test left running in it is stopped."""
    yield ground / "home"
    if (ground / "home/postgres/data/PG_VERSION").exists():
        stop(ground / "home")


@pytest.fixture(scope="session")
def made() -> Iterator[Path]:
    """A home whose database was made once, to save each test that second."""
    folder = Path(tempfile.mkdtemp(prefix="tintype-made-"))
    folder.chmod(0o755)
    stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def home(made: Path) -> Iterator[Path]:
    """A home whose database exists; its server is not running, before and after."""
    yield made
    stop(made)


def stop(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass


@pytest.fixture
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(home) as joined:
        yield joined
