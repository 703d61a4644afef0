"""Several processes share one server: the first starts it, the last stops it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable
from tests.embedded.processes import (
    close_owner,
    first_line,
    is_alive,
    kill,
    query,
    read_postmaster_pid,
    start_owner,
    wait_until,
)

pytestmark = pytest.mark.postgres

_FORKS = """
import os, sys
from pathlib import Path
from adapters.embedded.server import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))
postgres.join()
child = os.fork()
postgres.leave() if child == 0 else os.waitpid(child, 0)
print(Path(sys.argv[1], "postgres/data/postmaster.pid").exists())
if child:
    postgres.leave()
"""


def test_five_concurrent_owners_share_server_and_last_stops_it(new_home: Path) -> None:
    owners = [start_owner(new_home) for _ in range(5)]

    addresses = {first_line(owner) for owner in owners}
    postmaster = read_postmaster_pid(new_home)
    statuses = [close_owner(owner) for owner in owners]

    assert len(addresses) == 1
    assert addresses.pop().startswith("postgresql://postgres@/tintype?host=")
    assert statuses == [0] * 5
    assert (new_home / "postgres/log").read_text().count("starting PostgreSQL") == 1
    assert not is_alive(postmaster)


def test_server_runs_until_second_owner_leaves(postgres: EmbeddedPostgres, home: Path) -> None:
    other = start_owner(home)
    assert first_line(other) == postgres.url

    assert close_owner(other) == 0
    assert query(postgres.url, "select 1") == "1"

    postmaster = read_postmaster_pid(home)
    postgres.leave()
    assert not is_alive(postmaster)


def test_next_owner_takes_over_server_of_killed_owner(home: Path) -> None:
    owner = start_owner(home)
    address = first_line(owner)
    postmaster = read_postmaster_pid(home)
    kill(owner)
    assert is_alive(postmaster)

    with EmbeddedPostgres(home) as postgres:
        assert postgres.url == address
        assert read_postmaster_pid(home) == postmaster

    assert not is_alive(postmaster)


def test_killed_owner_does_not_keep_server_running(home: Path) -> None:
    with EmbeddedPostgres(home):
        owner = start_owner(home)
        first_line(owner)
        postmaster = read_postmaster_pid(home)
        kill(owner)

    assert not is_alive(postmaster)


def test_server_of_owner_killed_at_start_can_be_stopped(home: Path) -> None:
    owner = start_owner(home)
    wait_until((home / "postgres/data/postmaster.pid").exists)
    kill(owner)

    with EmbeddedPostgres(home) as postgres:
        assert query(postgres.url, "select 1") == "1"
        postmaster = read_postmaster_pid(home)

    assert not is_alive(postmaster)


def test_reused_pid_is_no_owner(postgres: EmbeddedPostgres, home: Path) -> None:
    owners = home / "postgres/owners"
    owners.write_text(f"{owners.read_text()}{os.getppid()} another-start 0123\nnot a line\n")
    postmaster = read_postmaster_pid(home)

    postgres.leave()

    assert not is_alive(postmaster)


def test_join_and_leave_are_idempotent(postgres: EmbeddedPostgres, home: Path) -> None:
    postmaster = read_postmaster_pid(home)

    assert postgres.join() == postgres.url
    assert read_postmaster_pid(home) == postmaster
    postgres.leave()
    assert not is_alive(postmaster)
    postgres.leave()


def test_two_uses_in_one_process_are_two_owners(postgres: EmbeddedPostgres, home: Path) -> None:
    with EmbeddedPostgres(home):
        pass

    assert query(postgres.url, "select 1") == "1"


def test_forked_child_is_no_owner(home: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _FORKS, home],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert shown.stdout.split() == ["True", "True"]
    assert not (home / "postgres/data/postmaster.pid").exists()


def test_ctrl_c_does_not_reach_server(postgres: EmbeddedPostgres, home: Path) -> None:
    assert os.getsid(read_postmaster_pid(home)) != os.getsid(0)


def test_url_requires_join(home: Path) -> None:
    with pytest.raises(EmbeddedUnavailable, match="join"):
        _ = EmbeddedPostgres(home).url
