"""Idle decoding processes."""

import select
import time
from threading import Lock, Timer
from weakref import ref

from adapters.decoding.processes import Process, Spawner

IDLE_TIMEOUT = 180.0
"""Seconds after which an idle process is ended, to free its memory."""


class IdleProcesses:
    """A stack: the process used last is reused first, so that the others can time out. Thread-safe."""

    def __init__(self, spawner: Spawner, timeout: float = IDLE_TIMEOUT) -> None:
        self._spawner = spawner
        self._timeout = timeout
        self._waiting: list[tuple[float, Process]] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    def put(self, process: Process) -> None:
        with self._lock:
            self._waiting.append((time.monotonic(), process))
            self._set_timer()

    def take(self) -> Process | None:
        """Return None if no process is idle. A process killed in the meantime is discarded: it would fail an image."""
        while True:
            with self._lock:
                if not self._waiting:
                    return None
                _, process = self._waiting.pop()
            if _is_alive(process):
                return process
            self._spawner.end(process)

    def close(self) -> None:
        """Close the sockets only: the processes end together with their spawner."""
        with self._lock:
            for _, process in self._waiting:
                process.socket.close()
            self._waiting.clear()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def end_expired(self) -> None:
        with self._lock:
            until = time.monotonic() - self._timeout
            expired = [process for since, process in self._waiting if since <= until]
            self._waiting = [(since, process) for since, process in self._waiting if since > until]
            self._timer = None
            self._set_timer()
        for process in expired:
            self._spawner.end(process)

    def _set_timer(self) -> None:
        if self._timer is None and self._waiting:
            wait = self._waiting[0][0] + self._timeout - time.monotonic()
            self._timer = Timer(max(wait, 0.0), _end_expired, (ref(self),))
            self._timer.daemon = True
            self._timer.start()


def _end_expired(processes: "ref[IdleProcesses]") -> None:
    """A weak reference, so that the timer does not keep an unused pool alive."""
    if (idle := processes()) is not None:
        idle.end_expired()


def _is_alive(process: Process) -> bool:
    """An idle process sends nothing: a readable socket means that the process has ended."""
    poller = select.poll()
    poller.register(process.socket, select.POLLIN)
    return not poller.poll(0)
