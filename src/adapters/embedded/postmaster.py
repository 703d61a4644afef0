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
from adapters.embedded.locks import taken
from adapters.embedded.log import last_reason
from adapters.embedded.patience import Patience
from adapters.embedded.place import Place, open_file
from adapters.embedded.processes import command, is_taken, started

_STRANGERS_SECONDS = 30.0
_RECOVERING = "The database is recovering what was being written when it was last interrupted"
_STOPPING = "Waiting for the database to stop"


class Postmaster:
    def __init__(self, place: Place, say: Callable[[str], None]) -> None:
        self._place = place
        self._say = say

    def pid(self) -> int | None:
        """The server's pid, if the server of this place runs and can be seen from here."""
        pid = self._noted_pid()
        return pid if pid and f"postgres -D {self._place.data} " in f"{command(pid)} " else None

    def socket_folder(self) -> Path:
        """Where the running server listens: as it says itself, since another process may have chosen the folder."""
        return Path(self._noted()[4])

    def start(self, launch: Callable[[int], int]) -> int:
        """The pid of the server: of the one `launch` starts once the lock `alive` is had, or of one that appeared."""
        patience = Patience(self._say)
        while (pid := self.pid()) is None:
            alive = open_file(self._place.alive, os.O_RDWR)
            try:
                if taken(alive):
                    self._forget_leftover()
                    return launch(alive)
            finally:
                os.close(alive)
            self._endure_strangers(patience)
        return pid

    def gets_ready(self, pid: int) -> bool:
        """True when the server takes connections, False when it ended. Recovery may take as long as it likes."""
        patience = Patience(self._say)
        while not (self._noted_pid() == pid and self._noted()[7:8] == ["ready"]):
            if started(pid) is None:
                return False
            patience.pause(_STOPPING if self._noted()[7:8] == ["stopping"] else _RECOVERING)
        return True

    def why_ended(self) -> str:
        reason = last_reason(self._place) or "it ended without a word"
        remedy = advice(reason, f"The whole log is {self._place.log}.")
        return f"The database in {self._place.data} did not start: {reason}. {remedy}"

    def stop(self) -> None:
        """A fast shutdown: sessions are ended, everything is written, and then this returns."""
        pid = self.pid()
        since = started(pid) if pid else None
        if not pid or not since:
            return
        folders = [Path(folder) for folder in self._noted()[4:5]]  # not noted yet while it is only starting
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)
        patience = Patience(self._say)
        while started(pid) == since:
            patience.pause(_STOPPING)
        if folders and folders[0] != self._place.socket_folder:
            with suppress(OSError):  # a short one, outside the place: empty now, unless somebody uses it
                folders[0].rmdir()

    def _forget_leftover(self) -> None:
        """PostgreSQL refuses to start while a leftover's pid is anybody's. No server runs: we hold `alive`."""
        pid = self._noted_pid()
        if pid is None or is_taken(pid):
            (self._place.data / "postmaster.pid").unlink(missing_ok=True)

    def _endure_strangers(self, patience: Patience) -> None:
        if patience.seconds > _STRANGERS_SECONDS:
            raise EmbeddedUnavailable(
                f"The database in {self._place.data} is in use by processes that cannot be seen from here, such as"
                " another container's: stop those, or set TINTYPE_HOME to another folder."
            )
        patience.pause("Waiting for the processes of an earlier database server to end")

    def _noted_pid(self) -> int | None:
        noted = self._noted()[:1]
        return int(noted[0]) if noted and noted[0].isdigit() and int(noted[0]) > 1 else None

    def _noted(self) -> list[str]:
        """postmaster.pid's lines: pid, data folder, start, port, socket folder, TCP address, shared memory, state."""
        try:
            lines = (self._place.data / "postmaster.pid").read_text(errors="surrogateescape").splitlines()
        except FileNotFoundError:
            return []
        return [line.strip() for line in lines]
