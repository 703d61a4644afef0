"""The server's main process: finds, starts, awaits and stops it.

Neither a pid file nor a pid is reliable. The pid in a stale `postmaster.pid` may belong to another process (a container
restarted with its volume), so a process counts as the server only if its command line names this data folder. The
server's processes also inherit a lock (`alive`). Only a holder of this lock starts a new server, so it never runs
beside processes of an old one, not even invisible ones.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from adapters.embedded.errors import EmbeddedUnavailable, advice
from adapters.embedded.locks import try_lock
from adapters.embedded.log import last_reason
from adapters.embedded.paths import ClusterPaths, open_file
from adapters.embedded.processes import command_line, is_pid_used, start_time
from adapters.embedded.progress_wait import ProgressWait

_OTHERS_TIMEOUT = 30.0
_RECOVERING = "The database is recovering from an interruption"
_STOPPING = "Waiting for the database to stop"


class Postmaster:
    def __init__(self, paths: ClusterPaths, report: Callable[[str], None]) -> None:
        self._paths = paths
        self._report = report

    def pid(self) -> int | None:
        """The pid of this folder's server, if it runs and is visible to this process."""
        pid = self._recorded_pid()
        return pid if pid and f"postgres -D {self._paths.data} " in f"{command_line(pid)} " else None

    def socket_folder(self) -> Path:
        """The socket folder that the running server reports, since another process may have chosen it."""
        return Path(self._read_pid_file()[4])

    def start(self, launch: Callable[[int], int]) -> int:
        """The pid of the server: started by `launch` once the lock `alive` is acquired, or by another process."""
        progress_wait = ProgressWait(self._report)
        while (pid := self.pid()) is None:
            alive = open_file(self._paths.alive_lock, os.O_RDWR)
            try:
                if try_lock(alive):
                    self._remove_stale_pid_file()
                    return launch(alive)
            finally:
                os.close(alive)
            self._wait_for_others(progress_wait)
        return pid

    def wait_until_ready(self, pid: int) -> bool:
        """Return True when the server accepts connections, False when it ended. Recovery has no time limit."""
        progress_wait = ProgressWait(self._report)
        while not (self._recorded_pid() == pid and self._read_pid_file()[7:8] == ["ready"]):
            if start_time(pid) is None:
                return False
            progress_wait.pause(_STOPPING if self._read_pid_file()[7:8] == ["stopping"] else _RECOVERING)
        return True

    def describe_failure(self) -> str:
        reason = last_reason(self._paths) or "it ended without a message"
        remedy = advice(reason, f"The log file is {self._paths.log}.")
        return f"The database in {self._paths.data} did not start: {reason}. {remedy}"

    def stop(self) -> None:
        """A fast shutdown: end the sessions, write everything, and wait for the end."""
        pid = self.pid()
        since = start_time(pid) if pid else None
        if not pid or not since:
            return
        folders = [Path(folder) for folder in self._read_pid_file()[4:5]]  # missing while the server starts
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        progress_wait = ProgressWait(self._report)
        while start_time(pid) == since:
            progress_wait.pause(_STOPPING)
        if folders and folders[0] != self._paths.socket_folder:
            with suppress(OSError):  # a short folder elsewhere: empty unless still in use
                folders[0].rmdir()

    def _remove_stale_pid_file(self) -> None:
        """PostgreSQL does not start while the pid in the file is in use. No server runs: this process holds `alive`."""
        pid = self._recorded_pid()
        if pid is None or is_pid_used(pid):
            (self._paths.data / "postmaster.pid").unlink(missing_ok=True)

    def _wait_for_others(self, progress_wait: ProgressWait) -> None:
        if progress_wait.seconds > _OTHERS_TIMEOUT:
            raise EmbeddedUnavailable(
                f"The database in {self._paths.data} is in use by processes that are not visible here, as in another"
                " container: stop them, or set TINTYPE_HOME to another folder."
            )
        progress_wait.pause("Waiting for the processes of an earlier database server to end")

    def _recorded_pid(self) -> int | None:
        fields = self._read_pid_file()[:1]
        return int(fields[0]) if fields and fields[0].isdigit() and int(fields[0]) > 1 else None

    def _read_pid_file(self) -> list[str]:
        """The lines of postmaster.pid: pid, data folder, start, port, socket folder, TCP address, shared memory,
        state."""
        try:
            lines = (self._paths.data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
        except FileNotFoundError:
            return []
        return [line.strip() for line in lines]
