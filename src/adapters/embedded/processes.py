"""Processes of this machine, without psutil. A zombie counts as ended."""

import os
import subprocess
import sys
from pathlib import Path


def start_time(pid: int) -> str | None:
    """The start of the process, as a token without spaces that distinguishes it from other processes with this pid.

    None if there is no such process. On Linux: the boot id and the clock ticks since boot (proc(5)).
    """
    if sys.platform != "linux":
        state, _, when = _ps("stat=,lstart=", pid).partition(" ")
        return "_".join(when.split()) if state and not state.startswith("Z") else None
    try:
        # The program's name may itself contain spaces and parentheses: split after the last parenthesis.
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, ticks = fields[0], fields[19]
    return None if state in "ZX" else f"{_boot_id()}:{ticks}"


def is_pid_used(pid: int) -> bool:
    """Whether any process has the pid, including zombies. PostgreSQL checks a stale pid file in the same way."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def command_line(pid: int) -> str:
    """The process's program and arguments, joined by spaces; empty if it has ended."""
    if sys.platform != "linux":
        return _ps("command=", pid)
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="surrogateescape").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _boot_id() -> str:
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _ps(columns: str, pid: int) -> str:
    result = subprocess.run(  # noqa: S603  (a fixed program and a number)
        ["/bin/ps", "-ww", "-o", columns, "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return result.stdout.strip()
