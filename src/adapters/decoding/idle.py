"""Decoding processes without work."""

import select
import time
from threading import Lock, Timer
from weakref import ref

from adapters.decoding.processes import Process, Spawner

REST = 180.0
"""Seconds after which a process without work ends, and gives its memory back."""


class IdleProcesses:
    """The one used last is taken first, so that the others can end. For any thread."""

    def __init__(self, spawner: Spawner, rest: float = REST) -> None:
        self._spawner = spawner
        self._rest = rest
        self._waiting: list[tuple[float, Process]] = []
        self._timer: Timer | None = None
        self._lock = Lock()

    def put(self, process: Process) -> None:
        with self._lock:
            self._waiting.append((time.monotonic(), process))
            self._set_timer()

    def take(self) -> Process | None:
        """None where there is none. One that was killed meanwhile is dropped: it would fail an image."""
        while True:
            with self._lock:
                if not self._waiting:
                    return None
                _, process = self._waiting.pop()
            if _is_alive(process):
                return process
            self._spawner.end(process)

    def close(self) -> None:
        """Only this side of them: they end with their spawner."""
        with self._lock:
            for _, process in self._waiting:
                process.socket.close()
            self._waiting.clear()
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def end_rested(self) -> None:
        with self._lock:
            until = time.monotonic() - self._rest
            rested = [process for since, process in self._waiting if since <= until]
            self._waiting = [(since, process) for since, process in self._waiting if since > until]
            self._timer = None
            self._set_timer()
        for process in rested:
            self._spawner.end(process)

    def _set_timer(self) -> None:
        if self._timer is None and self._waiting:
            wait = self._waiting[0][0] + self._rest - time.monotonic()
            self._timer = Timer(max(wait, 0.0), _end_rested, (ref(self),))
            self._timer.daemon = True
            self._timer.start()


def _end_rested(processes: "ref[IdleProcesses]") -> None:
    """A timer must not keep a pool alive that nobody uses any more."""
    if (found := processes()) is not None:
        found.end_rested()


def _is_alive(process: Process) -> bool:
    """A process without work has nothing to say: whatever can be read is its end."""
    poller = select.poll()
    poller.register(process.socket, select.POLLIN)
    return not poller.poll(0)
