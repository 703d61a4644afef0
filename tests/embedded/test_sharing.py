"""Several processes, one server: the first starts it, the last stops it."""

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


def test_five_that_start_at_once_share_one_server_and_the_last_stops_it(new_home: Path) -> None:
    owners = [start_owner(new_home) for _ in range(5)]

    addresses = {first_line(owner) for owner in owners}
    postmaster = read_postmaster_pid(new_home)
    statuses = [close_owner(owner) for owner in owners]

    assert len(addresses) == 1
    assert addresses.pop().startswith("postgresql://postgres@/tintype?host=")
    assert statuses == [0] * 5
    assert (new_home / "postgres/log").read_text().count("starting PostgreSQL") == 1
    assert not is_alive(postmaster)


def test_two_owners_and_one_leaves(postgres: EmbeddedPostgres, home: Path) -> None:
    other = start_owner(home)
    assert first_line(other) == postgres.url

    assert close_owner(other) == 0
    assert query(postgres.url, "select 1") == "1"

    postmaster = read_postmaster_pid(home)
    postgres.leave()
    assert not is_alive(postmaster)


def test_the_only_owner_is_killed_and_the_next_takes_its_server_over(home: Path) -> None:
    owner = start_owner(home)
    address = first_line(owner)
    postmaster = read_postmaster_pid(home)
    kill(owner)
    assert is_alive(postmaster)

    with EmbeddedPostgres(home) as postgres:
        assert postgres.url == address
        assert read_postmaster_pid(home) == postmaster

    assert not is_alive(postmaster)


def test_a_killed_owner_does_not_keep_the_server_for_the_one_that_stays(home: Path) -> None:
    with EmbeddedPostgres(home):
        owner = start_owner(home)
        first_line(owner)
        postmaster = read_postmaster_pid(home)
        kill(owner)

    assert not is_alive(postmaster)


def test_killed_while_starting_it_leaves_a_server_the_next_can_stop(home: Path) -> None:
    owner = start_owner(home)
    wait_until((home / "postgres/data/postmaster.pid").exists)
    kill(owner)

    with EmbeddedPostgres(home) as postgres:
        assert query(postgres.url, "select 1") == "1"
        postmaster = read_postmaster_pid(home)

    assert not is_alive(postmaster)


def test_a_pid_that_belongs_to_somebody_else_by_now_is_no_owner(postgres: EmbeddedPostgres, home: Path) -> None:
    owners = home / "postgres/owners"
    owners.write_text(f"{owners.read_text()}{os.getppid()} another-start 0123\nnot a line\n")
    postmaster = read_postmaster_pid(home)

    postgres.leave()

    assert not is_alive(postmaster)


def test_joining_and_leaving_twice_changes_nothing(postgres: EmbeddedPostgres, home: Path) -> None:
    postmaster = read_postmaster_pid(home)

    assert postgres.join() == postgres.url
    assert read_postmaster_pid(home) == postmaster
    postgres.leave()
    assert not is_alive(postmaster)
    postgres.leave()


def test_two_uses_in_one_process_count_as_two(postgres: EmbeddedPostgres, home: Path) -> None:
    with EmbeddedPostgres(home):
        pass

    assert query(postgres.url, "select 1") == "1"


def test_a_forked_child_is_no_owner(home: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _FORKS, home],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert shown.stdout.split() == ["True", "True"]
    assert not (home / "postgres/data/postmaster.pid").exists()


def test_ctrl_c_in_the_terminal_does_not_reach_the_server(postgres: EmbeddedPostgres, home: Path) -> None:
    assert os.getsid(read_postmaster_pid(home)) != os.getsid(0)


def test_without_joining_there_is_no_address(home: Path) -> None:
    with pytest.raises(EmbeddedUnavailable, match="join"):
        _ = EmbeddedPostgres(home).url
