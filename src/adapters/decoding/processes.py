"""The service's side of the decoding processes, and of the spawner that forks them."""

import os
import socket
import struct
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from adapters.decoding.protocol import Frame, MalformedFrame, receive_frame
from adapters.decoding.spawner import END, FORK, PID, REAP

_PACKAGES = Path(__file__).resolve().parents[2]
START_TIMEOUT = 120.0
"""Seconds for loading the decoders, on a busy machine too."""
_LOW_PRIORITY = 5
"""A third of the CPU share of normal processes: enough for a large image on a busy machine to finish in time."""


@dataclass(slots=True)
class Process:
    """One decoding process."""

    pid: int
    socket: socket.socket
    missing: tuple[str, ...]
    tasks: int = 0
    is_slow: bool = False

    def slow_down(self) -> None:
        """Lower the priority for good: only root could raise it again."""
        self.is_slow = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, _LOW_PRIORITY)


class Spawner:
    """Starts and ends decoding processes. A dead spawner process is restarted. Thread-safe."""

    def __init__(self, timeout: float, processor_seconds: int) -> None:
        self._timeout = timeout
        self._processor_seconds = processor_seconds
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def start(self) -> None:
        """Start loading the decoders, without waiting for them."""
        with self._lock:
            if self._process is None:
                self._start()

    def fork(self) -> Process:
        """Return a new process that is ready. Raises `OSError` if none can be started."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            ours, theirs = socket.socketpair()
            _set_timeout(ours, START_TIMEOUT)
            try:
                pid = self._request_fork(theirs)
                ready = receive_frame(ours)
            except (OSError, EOFError, MalformedFrame, struct.error) as fault:
                ours.close()
                self._stop()
                raise OSError(f"no decoding process can be started: {type(fault).__name__} {fault}") from fault
            finally:
                theirs.close()
            _set_timeout(ours, self._timeout)
            return Process(pid, ours, _missing_protections(ready))

    def end(self, process: Process) -> None:
        """Kill the process. Its memory and its process id are free soon after this returns."""
        process.socket.close()
        with self._lock, suppress(OSError):
            if self._control is not None:
                self._control.sendall(END + PID.pack(process.pid))

    def reap(self, process: Process) -> int | None:
        """Kill the process and return the signal that it died from, or 0. Returns None if the spawner and all its
        processes have died."""
        process.socket.close()
        with self._lock:
            try:
                if self._control is None:
                    return None
                self._control.sendall(REAP + PID.pack(process.pid))
                (signal,) = PID.unpack(self._control.recv(PID.size, socket.MSG_WAITALL))
            except (OSError, struct.error):
                return None
            return int(signal)

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _request_fork(self, theirs: socket.socket) -> int:
        if self._control is None:
            raise OSError("the spawner has ended")
        socket.send_fds(self._control, [FORK], [theirs.fileno()])
        (pid,) = PID.unpack(self._control.recv(PID.size, socket.MSG_WAITALL))
        return int(pid)

    def _start(self) -> None:
        self._stop()
        self._control, theirs = socket.socketpair()
        _set_timeout(self._control, START_TIMEOUT)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 — only a number varies
                [sys.executable, "-P", "-s", "-m", "adapters.decoding.spawner", str(self._processor_seconds)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=_environment(),
            )

    def _stop(self) -> None:
        """The decoding processes end with the spawner."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _environment() -> dict[str, str]:
    """Excludes the service's environment, which holds secrets. One thread per process: the pool provides the
    parallelism."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(_PACKAGES),
        "OPENBLAS_NUM_THREADS": "1",
        "VIPS_CONCURRENCY": "1",
        "VIPS_BLOCK_UNTRUSTED": "1",
        "VIPS_DISC_THRESHOLD": "4g",  # the process has no disk to decode to
        "MALLOC_ARENA_MAX": "2",
    }


def _set_timeout(connection: socket.socket, seconds: float) -> None:
    """Use the kernel's timeout, so that the socket stays blocking and a large answer needs one call."""
    interval = struct.pack("ll", int(seconds), int(seconds % 1 * 1e6))
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, interval)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, interval)


def _missing_protections(ready: Frame) -> tuple[str, ...]:
    missing = ready.head.get("missing", [])
    return tuple(str(name) for name in missing) if isinstance(missing, list) else ()
