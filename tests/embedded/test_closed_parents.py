"""As root, in a folder that the server's user may not enter, such as root's home."""

import os
import shutil
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.embedded.paths import ClusterPaths
from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable, binaries
from tests.embedded.conftest import as_mounter, as_nobody, as_root, in_user_namespaces, stop
from tests.embedded.processes import (
    WITHOUT_MOUNTING,
    close_and_read_log,
    close_owner,
    first_line,
    is_alive,
    kill,
    kill_server,
    query,
    read_postmaster_pid,
    start_owner,
)

pytestmark = [pytest.mark.postgres, as_root]


@pytest.fixture
def closed_folder(open_folder: Path) -> Path:
    """A folder that only root may enter, with a private file."""
    folder = open_folder / "closed"
    folder.mkdir(mode=0o700)
    (folder / "letter").write_text("dear")
    return folder


@pytest.fixture
def home(closed_folder: Path) -> Iterator[Path]:
    """A home in it, which does not exist yet. Servers and folders left by a test are removed."""
    yield closed_folder / "home"
    if EmbeddedPostgres(closed_folder / "home").exists:
        stop(closed_folder / "home")
    _remove_relocated(closed_folder / "home")


def _remove_relocated(home: Path) -> None:
    place = ClusterPaths.under(home)
    if place.location.is_symlink():
        shutil.rmtree(place.base)


def _fill(url: str) -> None:
    query(url, "create table kept (name text); insert into kept values ('a photograph')")


def _read_content(url: str) -> str:
    return query(url, "select name from kept")


def _owner_of_server(home: Path) -> int:
    return Path(f"/proc/{read_postmaster_pid(home)}").stat().st_uid


def _run_on_server(url: str, command: str) -> str:
    return query(
        url, f"create temp table shown (line text); copy shown from program '{command} 2>&1; true'; table shown"
    )


@as_mounter
def test_server_sees_only_its_folder_and_others_are_unaffected(home: Path, closed_folder: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        server = read_postmaster_pid(home)
        assert _owner_of_server(home) != 0
        assert "Permission denied" in _run_on_server(postgres.url, f"ls {closed_folder}")
        assert "No such file" in _run_on_server(postgres.url, f"cat {closed_folder}/letter")
        assert str(closed_folder) not in Path("/proc/self/mounts").read_text()
        assert postgres.url.endswith("home%2Fpostgres%2Frun")
        _fill(postgres.url)
        dump = subprocess.run([binaries() / "pg_dump", postgres.url], capture_output=True, text=True, check=True)
        assert "a photograph" in dump.stdout

    assert not is_alive(server)
    assert stat.S_IMODE(closed_folder.stat().st_mode) == 0o700


@as_mounter
def test_several_closed_folders_and_link(home: Path, closed_folder: Path, open_folder: Path) -> None:
    inner = closed_folder / "one/two/three"
    inner.mkdir(parents=True)
    for folder in (closed_folder / "one", closed_folder / "one/two"):
        folder.chmod(0o700)
    (open_folder / "link").symlink_to(inner)

    with EmbeddedPostgres(open_folder / "link/home") as postgres, EmbeddedPostgres(inner / "home") as other:
        assert postgres.url == other.url
        assert query(postgres.url, "select 1") == "1"


@as_mounter
@pytest.mark.parametrize("mounted", ["closed", "closed/disk", "closed/home/postgres"])
def test_parent_on_other_mount(open_folder: Path, closed_folder: Path, mounted: str) -> None:
    (open_folder / mounted).mkdir(parents=True, exist_ok=True)
    subprocess.run(["/bin/mount", "-t", "tmpfs", "-o", "mode=0700", "tmpfs", open_folder / mounted], check=True)
    try:
        with EmbeddedPostgres(open_folder / ("closed/home" if "home" in mounted else f"{mounted}/home")) as postgres:
            assert query(postgres.url, "select 1") == "1"
    finally:
        subprocess.run(["/bin/umount", open_folder / mounted], check=True)


@as_mounter
def test_committed_data_survive_kill_of_all_processes(home: Path) -> None:
    owner = start_owner(home)
    _fill(first_line(owner))
    kill(owner)
    kill_server(home)

    with EmbeddedPostgres(home) as postgres:
        assert _read_content(postgres.url) == "a photograph"


def test_three_concurrent_starts_share_one_server(home: Path) -> None:
    owners = [start_owner(home) for _ in range(3)]

    assert len({first_line(owner) for owner in owners}) == 1
    assert (home / "postgres/log").read_text().count("starting PostgreSQL") == 1
    assert [close_owner(owner) for owner in owners] == [0] * 3


def test_database_is_relocated_if_mounting_is_impossible(home: Path, closed_folder: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        _fill(postgres.url)

    owners = [start_owner(home, prefix=WITHOUT_MOUNTING) for _ in range(2)]
    addresses = {first_line(owner) for owner in owners}
    moved_to = (home / "postgres/location").readlink()

    assert len(addresses) == 1
    assert _read_content(addresses.pop()) == "a photograph"
    assert closed_folder not in moved_to.parents
    assert not (home / "postgres/data").exists()
    messages = [message for owner in owners for message in close_and_read_log(owner) if "cannot use" in message]
    assert len(messages) == 1
    assert messages[0].startswith(f"The database is in {moved_to}, because PostgreSQL, which runs as the user ")
    assert messages[0].endswith(f"{home}/postgres/location is a link to it: keep both.")

    with EmbeddedPostgres(home) as postgres:
        assert _read_content(postgres.url) == "a photograph"
        kill_server(home)
        assert _read_content(postgres.join()) == "a photograph"


def test_interrupted_relocation_is_repeated(home: Path, open_folder: Path) -> None:
    with EmbeddedPostgres(home) as postgres:
        _fill(postgres.url)
    (open_folder / "partial/data").mkdir(parents=True)
    (home / "postgres/location.new").symlink_to(open_folder / "partial")

    owner = start_owner(home, prefix=WITHOUT_MOUNTING)

    assert _read_content(first_line(owner)) == "a photograph"
    assert close_owner(owner) == 0
    assert not (open_folder / "partial").exists()
    assert not (home / "postgres/location.new").is_symlink()


def test_missing_relocated_database_is_not_recreated(home: Path, open_folder: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres/location").symlink_to(open_folder / "gone")

    with pytest.raises(EmbeddedUnavailable) as refused:
        EmbeddedPostgres(home).join()

    assert f"is in {open_folder}/gone, which does not exist: restore this folder" in refused.value.detail
    (home / "postgres/location").unlink()


def test_location_link_of_other_user_is_not_followed(home: Path, open_folder: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres/location").symlink_to(open_folder)
    os.chown(home / "postgres/location", 54321, 54321, follow_symlinks=False)

    with pytest.raises(EmbeddedUnavailable, match="belongs to neither root nor this user"):
        EmbeddedPostgres(home).join()

    assert not (open_folder / "data").exists()
    (home / "postgres/location").unlink()


@in_user_namespaces
def test_user_namespace_is_used_only_if_set(home: Path) -> None:
    with EmbeddedPostgres(home, user_namespace=True) as postgres:
        _fill(postgres.url)
    if not (home / "postgres/location").is_symlink():  # this machine let us mount, so that came first
        owner = start_owner(home, "--user-namespace", prefix=WITHOUT_MOUNTING)
        assert _read_content(first_line(owner)) == "a photograph"
        assert _owner_of_server(home) == 0
        assert (home / "postgres/data").stat().st_uid == 0
        kill(owner)
        kill_server(home)

    with EmbeddedPostgres(home) as postgres:
        assert _read_content(postgres.url) == "a photograph"
        assert _owner_of_server(home) != 0


@as_mounter
@as_nobody
def test_home_of_user_is_used(home: Path, closed_folder: Path) -> None:
    home.mkdir()
    shutil.chown(home, "nobody")
    with EmbeddedPostgres(home) as postgres:
        _fill(postgres.url)

    closed_folder.chmod(0o755)
    user = start_owner(home, "--user=nobody")
    assert _read_content(first_line(user)) == "a photograph"
    assert close_owner(user) == 0

    closed_folder.chmod(0o700)
    with EmbeddedPostgres(home) as postgres:
        assert _read_content(postgres.url) == "a photograph"
    assert {path.stat().st_uid for path in home.rglob("*")} == {home.stat().st_uid}


@as_mounter
@pytest.mark.parametrize("name", ['with "quotes" and a space', "100% #1? ünï", "l" * 120, "line\nbreak"])
def test_any_path_works_below_closed_folder(closed_folder: Path, name: str) -> None:
    home = closed_folder / name / "home"

    with EmbeddedPostgres(home) as postgres:
        assert query(postgres.url, "select current_database()") == "tintype"

    _remove_relocated(home)
