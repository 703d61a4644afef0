"""Crashes leave no harmful state, and committed data survive."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.embedded.paths import ClusterPaths
from adapters.embedded.postmaster import Postmaster
from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable, psql_command
from tests.embedded.processes import (
    first_line,
    is_alive,
    kill,
    kill_server,
    query,
    read_postmaster_pid,
    start_owner,
    wait_until,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def other_process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        yield process
        process.kill()


def test_committed_data_survive_kill_of_all_processes(home: Path) -> None:
    owner = start_owner(home)
    address = first_line(owner)
    query(address, "create table if not exists kept (name text); insert into kept values ('a photograph')")
    kill(owner)
    kill_server(home)

    with EmbeddedPostgres(home) as postgres:
        assert query(postgres.url, "select distinct name from kept") == "a photograph"


def test_next_join_restarts_dead_server(postgres: EmbeddedPostgres, home: Path) -> None:
    kill_server(home)

    assert query(postgres.join(), "select 1") == "1"


def test_server_settings(postgres: EmbeddedPostgres) -> None:
    names = ["fsync", "full_page_writes", "synchronous_commit", "data_checksums", "listen_addresses", "jit"]

    shown = query(postgres.url, "select " + " || '|' || ".join(f"current_setting('{name}')" for name in names))

    assert shown == "on|on|on|on||off"


def test_collation_is_independent_of_machine(postgres: EmbeddedPostgres) -> None:
    assert query(postgres.url, "select string_agg(t, '' order by t) from unnest('{é,b,B,a}'::text[]) t") == "Babé"
    assert query(postgres.url, "select lower('ÀÉ') || upper('ß')") == "àéß"
    assert query(postgres.url, "select '[1,2]'::vector <-> '[1,3]'") == "1"


def test_interrupted_creation_is_removed(new_home: Path) -> None:
    owner = start_owner(new_home)
    wait_until(lambda: any(new_home.glob("postgres/data.new-*/base")))
    kill(owner)
    assert not (new_home / "postgres/data").exists()

    with EmbeddedPostgres(new_home) as postgres:
        assert query(postgres.url, "select 1") == "1"
    wait_until(lambda: not _has_leftovers(new_home))


def _has_leftovers(home: Path) -> bool:
    """An initdb whose parent was killed soon fails: the next start removes its folder."""
    with EmbeddedPostgres(home):
        pass
    with EmbeddedPostgres(home):
        return any(home.glob("postgres/data.new-*"))


@pytest.mark.parametrize("noted", ["other process", "nobody", "nonsense", "nothing"])
def test_stale_pid_file_is_ignored_and_its_pid_not_signalled(
    home: Path, other_process: subprocess.Popen[bytes], noted: str
) -> None:
    with EmbeddedPostgres(home) as postgres:
        leftover = (home / "postgres/data/postmaster.pid").read_text().splitlines()
        kill_server(home)
    first = {"other process": str(other_process.pid), "nobody": leftover[0], "nonsense": "0", "nothing": ""}[noted]
    text = "\n".join([first, *leftover[1:]]) if noted != "nothing" else ""
    (home / "postgres/data/postmaster.pid").write_text(text)
    (home / "postgres/run/.s.PGSQL.5432.lock").write_text(text)

    with postgres:
        assert query(postgres.url, "select 1") == "1"
        postmaster = read_postmaster_pid(home)

    assert not is_alive(postmaster)
    assert other_process.poll() is None


def test_server_does_not_start_beside_old_processes(postgres: EmbeddedPostgres, home: Path) -> None:
    (home / "postgres/data/postmaster.pid").rename(home / "aside")
    said: list[str] = []

    def put_back(message: str) -> None:
        said.append(message)
        (home / "aside").rename(home / "postgres/data/postmaster.pid")

    with EmbeddedPostgres(home, report=put_back) as other:
        assert other.url == postgres.url
    assert said[0].startswith("Waiting for the processes of an earlier database server to end (3 s")


def test_recovery_is_awaited_and_reported(open_folder: Path, other_process: subprocess.Popen[bytes]) -> None:
    place = ClusterPaths.under(open_folder)
    place.data.mkdir(parents=True)
    said: list[str] = []

    def note(state: str) -> None:
        lines = [str(other_process.pid), str(place.data), "0", "5432", "/run", "", "0 0", state]
        (place.data / "postmaster.pid").write_text("\n".join(lines))

    def hear(message: str) -> None:
        said.append(message)
        note("ready   ")

    note("starting")
    assert Postmaster(place, hear).wait_until_ready(other_process.pid)
    assert said[0].startswith("The database is recovering")


def test_stopping_server_is_awaited_and_restarted(postgres: EmbeddedPostgres, home: Path) -> None:
    session = subprocess.Popen(psql_command(postgres.url), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    wait_until(
        lambda: query(postgres.url, "select count(*) > 1 from pg_stat_activity where backend_type like 'cl%'") == "t"
    )
    leaving = read_postmaster_pid(home)
    os.kill(leaving, signal.SIGTERM)  # a smart shutdown: it waits for the session
    wait_until(lambda: "stopping" in (home / "postgres/data/postmaster.pid").read_text())

    said: list[str] = []

    def end_session(message: str) -> None:
        said.append(message)
        session.communicate(b"\\q\n")

    with EmbeddedPostgres(home, report=end_session) as other:
        assert query(other.url, "select 1") == "1"
        assert not is_alive(leaving)
    assert said[0].startswith("Waiting for the database to stop (3 s")


def test_failed_start_states_reason(home: Path) -> None:
    with (home / "postgres/data/postgresql.conf").open("a") as settings:
        settings.write("work_mem = 'much'\n")

    with pytest.raises(EmbeddedUnavailable) as refused:
        EmbeddedPostgres(home).join()

    assert "postgresql.conf" in refused.value.detail
    assert str(home / "postgres/log") in refused.value.detail
    (home / "postgres/data/postgresql.conf").write_text("")
