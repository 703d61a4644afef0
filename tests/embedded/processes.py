"""Real processes for tests: owners that can be killed, queries, and checks of processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from adapters.embedded.paths import ClusterPaths
from adapters.embedded.server import psql_command

_ROOT = Path(__file__).parents[2]
_TIMEOUT = 20.0
WITHOUT_MOUNTING = ("setpriv", "--bounding-set", "-sys_admin")
"""Starts a program as a container starts it: root, but without the capability SYS_ADMIN."""


def start_owner(
    home: Path, *options: str, first_on_path: Path | None = None, prefix: Sequence[str] = ()
) -> subprocess.Popen[str]:
    """A process that joins `home`. Its first line is the address, or the error."""
    path = [str(folder) for folder in (first_on_path, _ROOT / "src", _ROOT) if folder]
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "tests.embedded.owner", str(home), *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"},
    )


def first_line(owner: subprocess.Popen[str]) -> str:
    assert owner.stdout
    return owner.stdout.readline().strip()


def close_owner(owner: subprocess.Popen[str]) -> int:
    """Make the owner leave, and wait for it. Returns its exit status."""
    owner.communicate(timeout=_TIMEOUT)
    return owner.returncode


def close_and_read_log(owner: subprocess.Popen[str]) -> list[str]:
    """Make the owner leave, and return its log messages."""
    return owner.communicate(timeout=_TIMEOUT)[1].splitlines()


def kill(owner: subprocess.Popen[str]) -> None:
    owner.kill()
    owner.communicate(timeout=_TIMEOUT)


def query(url: str, statement: str) -> str:
    """The unformatted output of psql."""
    shown = subprocess.run(
        [*psql_command(url), "--no-psqlrc", "-v", "ON_ERROR_STOP=1", "-qtAc", statement],
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip()


def read_postmaster_pid(home: Path) -> int:
    return int((ClusterPaths.under(home).data / "postmaster.pid").read_bytes().splitlines()[0])


def kill_server(home: Path) -> None:
    """Kill the postmaster and all its children at once, like a power failure."""
    postmaster = read_postmaster_pid(home)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children")
    for pid in [postmaster, *(int(child) for child in (children.read_text().split() if children.exists() else []))]:
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(postmaster))


def is_alive(pid: int) -> bool:
    """A zombie counts as dead."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return False
    shown = subprocess.run(["/bin/ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(shown.stdout.strip()) and not shown.stdout.startswith("Z")


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _TIMEOUT
    while not condition():
        assert time.monotonic() < deadline, "what was awaited did not come"
        time.sleep(0.005)
