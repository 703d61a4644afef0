"""The running server: found, started, awaited and stopped.

Neither a pid file nor a pid is believed by itself. `postmaster.pid` may be a leftover whose pid belongs to a stranger
by now (a container started again with its volume), so a process counts as the server only when its command line names
this data folder. And the server's processes inherit a lock (`alive`) that no leftover can feign: a new server is
started only by who holds it, so never beside processes of an old one, even those that this process cannot see.
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

_STRANGERS_TIMEOUT = 30.0
_RECOVERING = "The database is recovering what was being written when it was last interrupted"
_STOPPING = "Waiting for the database to stop"


class Postmaster:
    def __init__(self, paths: ClusterPaths, report: Callable[[str], None]) -> None:
        self._paths = paths
        self._report = report

    def pid(self) -> int | None:
        """The server's pid, if the server of this place runs and can be seen from here."""
        pid = self._recorded_pid()
        return pid if pid and f"postgres -D {self._paths.data} " in f"{command_line(pid)} " else None

    def socket_folder(self) -> Path:
        """Where the running server listens: as it says itself, since another process may have chosen the folder."""
        return Path(self._read_pid_file()[4])

    def start(self, launch: Callable[[int], int]) -> int:
        """The pid of the server: of the one `launch` starts once the lock `alive` is had, or of one that appeared."""
        progress_wait = ProgressWait(self._report)
        while (pid := self.pid()) is None:
            alive = open_file(self._paths.alive_lock, os.O_RDWR)
            try:
                if try_lock(alive):
                    self._remove_stale_pid_file()
                    return launch(alive)
            finally:
                os.close(alive)
            self._wait_for_strangers(progress_wait)
        return pid

    def wait_until_ready(self, pid: int) -> bool:
        """True when the server takes connections, False when it ended. Recovery may take as long as it likes."""
        progress_wait = ProgressWait(self._report)
        while not (self._recorded_pid() == pid and self._read_pid_file()[7:8] == ["ready"]):
            if start_time(pid) is None:
                return False
            progress_wait.pause(_STOPPING if self._read_pid_file()[7:8] == ["stopping"] else _RECOVERING)
        return True

    def describe_failure(self) -> str:
        reason = last_reason(self._paths) or "it ended without a word"
        remedy = advice(reason, f"The whole log is {self._paths.log}.")
        return f"The database in {self._paths.data} did not start: {reason}. {remedy}"

    def stop(self) -> None:
        """A fast shutdown: sessions are ended, everything is written, and then this returns."""
        pid = self.pid()
        since = start_time(pid) if pid else None
        if not pid or not since:
            return
        folders = [Path(folder) for folder in self._read_pid_file()[4:5]]  # not noted yet while it is only starting
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        progress_wait = ProgressWait(self._report)
        while start_time(pid) == since:
            progress_wait.pause(_STOPPING)
        if folders and folders[0] != self._paths.socket_folder:
            with suppress(OSError):  # a short one, outside the place: empty now, unless somebody uses it
                folders[0].rmdir()

    def _remove_stale_pid_file(self) -> None:
        """PostgreSQL refuses to start while a leftover's pid is anybody's. No server runs: we hold `alive`."""
        pid = self._recorded_pid()
        if pid is None or is_pid_used(pid):
            (self._paths.data / "postmaster.pid").unlink(missing_ok=True)

    def _wait_for_strangers(self, progress_wait: ProgressWait) -> None:
        if progress_wait.seconds > _STRANGERS_TIMEOUT:
            raise EmbeddedUnavailable(
                f"The database in {self._paths.data} is in use by processes that cannot be seen from here, such as"
                " another container's: stop those, or set TINTYPE_HOME to another folder."
            )
        progress_wait.pause("Waiting for the processes of an earlier database server to end")

    def _recorded_pid(self) -> int | None:
        noted = self._read_pid_file()[:1]
        return int(noted[0]) if noted and noted[0].isdigit() and int(noted[0]) > 1 else None

    def _read_pid_file(self) -> list[str]:
        """postmaster.pid's lines: pid, data folder, start, port, socket folder, TCP address, shared memory, state."""
        try:
            lines = (self._paths.data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
        except FileNotFoundError:
            return []
        return [line.strip() for line in lines]
