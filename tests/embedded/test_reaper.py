"""Killed tests leave no server and no folder."""

import subprocess
import sys
from pathlib import Path

from tests.embedded.processes import first_line, is_alive, kill, read_postmaster_pid, start_owner, wait_until
from tests.reaper import Reaper

_TESTS = """
from adapters.embedded.server import EmbeddedPostgres
from tests.reaper import Reaper
with Reaper() as reaper, reaper.folder() as folder, EmbeddedPostgres(folder / "home"):
    print(folder, flush=True)
    input()
"""


def test_server_and_clients_of_killed_tests_are_stopped() -> None:
    root = Path(__file__).parents[2]
    tests = subprocess.Popen(
        [sys.executable, "-c", _TESTS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": f"{root / 'src'}:{root}"},
    )
    folder = Path(first_line(tests))
    program = start_owner(folder / "home")
    assert first_line(program)
    postmaster = read_postmaster_pid(folder / "home")

    kill(tests)

    wait_until(lambda: not folder.exists())
    assert not is_alive(postmaster)
    assert program.wait() < 0
    program.communicate()


def test_completed_tests_leave_nothing() -> None:
    with Reaper() as reaper, reaper.folder() as folder:
        assert folder.is_dir()
    assert not folder.exists()
