"""Home folders for servers, which the server's user can enter if the tests run as root."""

import os
import pwd
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.embedded.accounts import Account
from adapters.embedded.mount_namespace import ENTRY
from adapters.embedded.runner import as_account
from adapters.embedded.server import EmbeddedPostgres, binaries
from tests.reaper import Reaper


def _can_nobody_run_postgres() -> bool:
    return os.geteuid() == 0 and as_account(Account.of(pwd.getpwnam("nobody").pw_uid)).can_run(binaries() / "postgres")


def _can_enter_namespace(*arguments: str) -> bool:
    entered = subprocess.run([*ENTRY, *arguments, "/bin/true"], capture_output=True, check=False)
    return entered.returncode == 0


as_ordinary_user = pytest.mark.skipif(
    os.geteuid() == 0 and not _can_nobody_run_postgres(), reason="root needs programs that `nobody` can reach"
)
as_nobody = pytest.mark.skipif(
    not _can_nobody_run_postgres(), reason="needs root, and programs that `nobody` can reach"
)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
as_mounter = pytest.mark.skipif(
    not _can_enter_namespace("mount", "65534", "65534", "/var", "/var/lib"),
    reason="needs root with the capability SYS_ADMIN, which most containers take away",
)
in_user_namespaces = pytest.mark.skipif(
    not _can_enter_namespace("user"), reason="this kernel or container does not let root make a user namespace"
)


@pytest.fixture
def open_folder(reaper: Reaper) -> Iterator[Path]:
    """A folder for everyone: pytest's own is closed to other users, so also to PostgreSQL's."""
    with reaper.folder() as folder:
        yield folder


@pytest.fixture
def new_home(open_folder: Path) -> Iterator[Path]:
    """A home that does not exist yet. A server left by a failed test is stopped."""
    yield open_folder / "home"
    if (open_folder / "home/postgres/data/PG_VERSION").exists():
        stop(open_folder / "home")


@pytest.fixture(scope="session")
def prepared_home(reaper: Reaper) -> Iterator[Path]:
    """A home whose database was created once, which saves each test a second."""
    with reaper.folder() as folder:
        stop(folder)
        yield folder


@pytest.fixture
def home(prepared_home: Path) -> Iterator[Path]:
    """A home with a database, whose server does not run before and after the test."""
    yield prepared_home
    stop(prepared_home)


def stop(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass


@pytest.fixture
def postgres(home: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(home) as joined:
        yield joined
