"""`make setup` on a separate checkout, with locks without packages, so that no network is needed.

Creating an environment takes seconds, so most tests share a checkout. Each leaves it with a working environment.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

_BIN = Path(__file__).resolve().parents[2] / "bin"
_MAIN = """
import os, sys
def main():
    print(sys.path[0], os.getcwd(), *sys.argv[1:], sep="|")
    return 3
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without an environment."""
    return make_checkout(tmp_path / "a folder's name")


@pytest.fixture(scope="module")
def ready_checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout that is set up with the lock `dev`, after an interrupted setup left an environment without pip."""
    home = make_checkout(tmp_path_factory.mktemp("ready") / "a folder's name")
    binaries = home / ".venv" / "bin"
    binaries.mkdir(parents=True)
    (binaries / "python").symlink_to(sys.executable)
    (home / ".venv" / ".setup-unfinished").touch()
    assert "Creating .venv" in set_up(home, "dev")
    return home


def make_checkout(home: Path) -> Path:
    shutil.copytree(_BIN, home / "bin")
    (home / "requirements").mkdir()
    for lock in ("cpu", "gpu", "dev", "convert"):
        (home / "requirements" / f"{lock}.txt").write_text("# nothing\n")
    cli = home / "src" / "entrypoints" / "cli"
    cli.mkdir(parents=True)
    (cli / "__main__.py").write_text(_MAIN)
    return home


def set_up(checkout: Path, lock: str = "cpu") -> str:
    """The output of `make setup`."""
    command = [sys.executable, "-I", str(checkout / "bin" / "setup.py"), lock]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tintype(checkout: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = checkout / ".venv" / "bin" / "tintype"
    return subprocess.run([program, *arguments], check=False, capture_output=True, text=True, cwd=cwd)


def test_correct_environment_is_unchanged_until_lock_changes(ready_checkout: Path) -> None:
    assert not set_up(ready_checkout, "dev")
    assert not set_up(ready_checkout, "cpu"), "dev holds all of cpu"
    (ready_checkout / "requirements" / "cpu.txt").write_text("# something else\n")
    said = set_up(ready_checkout, "cpu")
    assert "requirements/cpu.txt" in said
    assert "Creating" not in said


def test_program_works_from_any_folder(ready_checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "entrypoints.py").write_text("raise RuntimeError('another module of the same name')")
    ran = tintype(ready_checkout, "classify", "my photo.jpg", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (3, "")
    assert ran.stdout == f"{ready_checkout / 'src'}|{tmp_path}|classify|my photo.jpg\n"


def test_conversion_has_separate_environment(checkout: Path) -> None:
    said = set_up(checkout, "convert")
    assert "Creating .venv-convert" in said
    assert (checkout / ".venv-convert" / "bin" / "python").exists()
    assert not (checkout / ".venv").exists()


def test_runtimes_replace_each_other(ready_checkout: Path) -> None:
    set_up(ready_checkout, "cpu")
    assert "Creating .venv" in set_up(ready_checkout, "gpu")
    assert not set_up(ready_checkout, "gpu")
    assert "Creating .venv" in set_up(ready_checkout, "dev")


def test_incomplete_environment_is_recreated(ready_checkout: Path) -> None:
    environment = ready_checkout / ".venv"
    assert (environment / "bin" / "pip").exists()
    assert not (environment / ".setup-unfinished").exists()


def test_moved_checkout_is_reported_and_repaired_by_setup(ready_checkout: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(ready_checkout, tmp_path / "elsewhere", symlinks=True)
    aside = ready_checkout.rename(tmp_path / "aside")
    try:
        lost = tintype(copy, cwd=tmp_path)
        assert lost.returncode == 5
        assert "run make setup" in lost.stderr
        assert "Creating .venv" in set_up(copy)
        assert tintype(copy, cwd=tmp_path).stdout.startswith(f"{copy / 'src'}|")
    finally:
        aside.rename(ready_checkout)
